/**
 * HTTP/1.1 for many streams at once: one thread waits for all sockets, and tells what it read and
 * when. Follows nothing, repeats nothing, hides nothing.
 */
@NullMarked
package dev.muster.load.http;

import org.jspecify.annotations.NullMarked;
