/** Whether a pod answers as it should: gray failures by their signs in its answers. */
@NullMarked
package dev.muster.observe.llm;

import org.jspecify.annotations.NullMarked;
