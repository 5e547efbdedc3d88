@NullMarked
package dev.muster.drill.file;

import org.jspecify.annotations.NullMarked;
