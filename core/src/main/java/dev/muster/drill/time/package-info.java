/** The clocks and threads of a run: this machine's, or those of a test. */
@NullMarked
package dev.muster.drill.time;

import org.jspecify.annotations.NullMarked;
