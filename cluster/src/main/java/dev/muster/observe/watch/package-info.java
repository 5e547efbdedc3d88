/** Watches of a run: changes of objects become milestones, and gaps are told. */
@NullMarked
package dev.muster.observe.watch;

import org.jspecify.annotations.NullMarked;
