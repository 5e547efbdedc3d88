@NullMarked
package dev.muster.engine.after;

import org.jspecify.annotations.NullMarked;
