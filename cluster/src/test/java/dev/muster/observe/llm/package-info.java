@NullMarked
package dev.muster.observe.llm;

import org.jspecify.annotations.NullMarked;
