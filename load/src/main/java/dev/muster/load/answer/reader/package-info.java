/** Readers of the streams of each API, which judge while they read. */
@NullMarked
package dev.muster.load.answer.reader;

import org.jspecify.annotations.NullMarked;
