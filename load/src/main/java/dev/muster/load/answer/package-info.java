/** What arrived of an answer, in any bytes, and its one outcome. Does no I/O. */
@NullMarked
package dev.muster.load.answer;

import org.jspecify.annotations.NullMarked;
