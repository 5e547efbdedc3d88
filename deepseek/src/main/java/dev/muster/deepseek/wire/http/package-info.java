/** HTTP/1.1 of both sides: a server whose connections are bounded, and calls with deadlines. */
@NullMarked
package dev.muster.deepseek.wire.http;

import org.jspecify.annotations.NullMarked;
