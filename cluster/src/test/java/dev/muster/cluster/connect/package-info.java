@NullMarked
package dev.muster.cluster.connect;

import org.jspecify.annotations.NullMarked;
