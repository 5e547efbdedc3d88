@NullMarked
package dev.muster.cluster;

import org.jspecify.annotations.NullMarked;
