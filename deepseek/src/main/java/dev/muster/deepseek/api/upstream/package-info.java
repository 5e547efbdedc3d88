/** One attempt at a worker, and why it failed. */
@NullMarked
package dev.muster.deepseek.api.upstream;

import org.jspecify.annotations.NullMarked;
