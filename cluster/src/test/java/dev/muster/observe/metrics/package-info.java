@NullMarked
package dev.muster.observe.metrics;

import org.jspecify.annotations.NullMarked;
