/** The files of a run as they are written and read, and whether they are still what was written. */
@NullMarked
package dev.muster.timeline.file;

import org.jspecify.annotations.NullMarked;
