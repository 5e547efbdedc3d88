@NullMarked
package dev.muster.hostile;

import org.jspecify.annotations.NullMarked;
