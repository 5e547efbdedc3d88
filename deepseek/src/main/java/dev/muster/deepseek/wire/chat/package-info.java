/** The API's requests and answers on the wire. */
@NullMarked
package dev.muster.deepseek.wire.chat;

import org.jspecify.annotations.NullMarked;
