@NullMarked
package dev.muster.engine.world;

import org.jspecify.annotations.NullMarked;
