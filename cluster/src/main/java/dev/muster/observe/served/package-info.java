/** Which pod served which request. */
@NullMarked
package dev.muster.observe.served;

import org.jspecify.annotations.NullMarked;
