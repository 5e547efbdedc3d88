@NullMarked
package dev.muster.observe.served;

import org.jspecify.annotations.NullMarked;
