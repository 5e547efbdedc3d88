/** Who sees the effect of a fault without having injected it. */
@NullMarked
package dev.muster.observe.effect;

import org.jspecify.annotations.NullMarked;
