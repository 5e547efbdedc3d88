@NullMarked
package dev.muster.drill.kind;

import org.jspecify.annotations.NullMarked;
