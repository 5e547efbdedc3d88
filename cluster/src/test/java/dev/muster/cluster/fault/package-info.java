@NullMarked
package dev.muster.cluster.fault;

import org.jspecify.annotations.NullMarked;
