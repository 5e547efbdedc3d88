@NullMarked
package dev.muster.drill.port;

import org.jspecify.annotations.NullMarked;
