/** Reads a drill file, and says with line and column what is wrong with it. */
@NullMarked
package dev.muster.drill.file;

import org.jspecify.annotations.NullMarked;
