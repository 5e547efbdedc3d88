/** Prompts that are computed by other workers than those that write the answers. */
@NullMarked
package dev.muster.deepseek.prefill;

import org.jspecify.annotations.NullMarked;
