/** The workers that a gateway knows, and which of them gets the next request. */
@NullMarked
package dev.muster.deepseek.api.fleet;

import org.jspecify.annotations.NullMarked;
