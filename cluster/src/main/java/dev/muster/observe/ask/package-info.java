/** Programs that answer JSON over HTTP, wherever they are reached. */
@NullMarked
package dev.muster.observe.ask;

import org.jspecify.annotations.NullMarked;
