@NullMarked
package dev.muster.deepseek.engine;

import org.jspecify.annotations.NullMarked;
