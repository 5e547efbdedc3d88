/** A drill file as values. */
@NullMarked
package dev.muster.drill;

import org.jspecify.annotations.NullMarked;
