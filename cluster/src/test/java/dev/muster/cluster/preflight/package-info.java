@NullMarked
package dev.muster.cluster.preflight;

import org.jspecify.annotations.NullMarked;
