@NullMarked
package dev.muster.cluster.object;

import org.jspecify.annotations.NullMarked;
