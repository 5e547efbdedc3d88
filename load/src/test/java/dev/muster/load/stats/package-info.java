@NullMarked
package dev.muster.load.stats;

import org.jspecify.annotations.NullMarked;
