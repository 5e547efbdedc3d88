/** Events, rows and traces of a run. */
@NullMarked
package dev.muster.timeline;

import org.jspecify.annotations.NullMarked;
