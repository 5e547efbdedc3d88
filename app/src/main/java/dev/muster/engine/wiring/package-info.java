/** The real cluster, load, faults and observers behind the ports of a run. */
@NullMarked
package dev.muster.engine.wiring;

import org.jspecify.annotations.NullMarked;
