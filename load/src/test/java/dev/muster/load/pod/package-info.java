@NullMarked
package dev.muster.load.pod;

import org.jspecify.annotations.NullMarked;
