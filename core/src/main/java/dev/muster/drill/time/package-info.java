/** Clocks and threads of a run; tests put virtual ones in their place. */
@NullMarked
package dev.muster.drill.time;

import org.jspecify.annotations.NullMarked;
