@NullMarked
package dev.muster.drill.guide;

import org.jspecify.annotations.NullMarked;
