@NullMarked
package dev.muster.observe.watch;

import org.jspecify.annotations.NullMarked;
