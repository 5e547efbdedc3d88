@NullMarked
package dev.muster.load;

import org.jspecify.annotations.NullMarked;
