@NullMarked
package dev.muster.observe.ask;

import org.jspecify.annotations.NullMarked;
