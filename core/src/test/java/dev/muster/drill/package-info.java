@NullMarked
package dev.muster.drill;

import org.jspecify.annotations.NullMarked;
