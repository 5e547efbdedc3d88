@NullMarked
package dev.muster.engine.wiring;

import org.jspecify.annotations.NullMarked;
