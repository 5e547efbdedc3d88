@NullMarked
package dev.muster.engine;

import org.jspecify.annotations.NullMarked;
