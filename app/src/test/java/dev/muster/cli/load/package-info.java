@NullMarked
package dev.muster.cli.load;

import org.jspecify.annotations.NullMarked;
