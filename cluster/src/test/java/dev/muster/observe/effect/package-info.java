@NullMarked
package dev.muster.observe.effect;

import org.jspecify.annotations.NullMarked;
