/** Commands and texts for somebody who writes a drill. */
@NullMarked
package dev.muster.cli.drill;

import org.jspecify.annotations.NullMarked;
