@NullMarked
package dev.muster.drill.field;

import org.jspecify.annotations.NullMarked;
