/** The text of an answer, piece by piece: its tokens, its times, its digest. */
@NullMarked
package dev.muster.load.answer.text;

import org.jspecify.annotations.NullMarked;
