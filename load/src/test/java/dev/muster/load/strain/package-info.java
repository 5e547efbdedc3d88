@NullMarked
package dev.muster.load.strain;

import org.jspecify.annotations.NullMarked;
