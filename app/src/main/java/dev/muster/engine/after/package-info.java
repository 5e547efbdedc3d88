/** What is done after a run: audits, and the undo and cleanup of those that were killed. */
@NullMarked
package dev.muster.engine.after;

import org.jspecify.annotations.NullMarked;
