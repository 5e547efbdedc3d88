@NullMarked
package dev.muster.observe.data;

import org.jspecify.annotations.NullMarked;
