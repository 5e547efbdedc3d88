/** An engine with OpenAI's API in the place of a worker: what it is asked and what it says. */
@NullMarked
package dev.muster.deepseek.openai;

import org.jspecify.annotations.NullMarked;
