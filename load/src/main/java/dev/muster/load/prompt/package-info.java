/** What the load asks: prompts from files, or of a length. */
@NullMarked
package dev.muster.load.prompt;

import org.jspecify.annotations.NullMarked;
