/** How each API is asked over HTTP, and how its answers are read. */
@NullMarked
package dev.muster.load.api;

import org.jspecify.annotations.NullMarked;
