@NullMarked
package dev.muster.cluster.select;

import org.jspecify.annotations.NullMarked;
