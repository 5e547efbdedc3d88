@NullMarked
package dev.muster.deepseek.openai;

import org.jspecify.annotations.NullMarked;
