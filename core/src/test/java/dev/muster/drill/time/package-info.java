@NullMarked
package dev.muster.drill.time;

import org.jspecify.annotations.NullMarked;
