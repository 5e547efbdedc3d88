/** The client's side of a request: a stream or a whole body. */
@NullMarked
package dev.muster.deepseek.api.reply;

import org.jspecify.annotations.NullMarked;
