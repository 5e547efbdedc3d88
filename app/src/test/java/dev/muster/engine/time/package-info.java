@NullMarked
package dev.muster.engine.time;

import org.jspecify.annotations.NullMarked;
