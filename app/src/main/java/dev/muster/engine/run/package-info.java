/** The phases of a run, its steps, and what ends it early. */
@NullMarked
package dev.muster.engine.run;

import org.jspecify.annotations.NullMarked;
