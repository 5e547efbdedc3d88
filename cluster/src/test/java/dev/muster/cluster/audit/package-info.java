@NullMarked
package dev.muster.cluster.audit;

import org.jspecify.annotations.NullMarked;
