@NullMarked
package dev.muster.chaosmesh;

import org.jspecify.annotations.NullMarked;
