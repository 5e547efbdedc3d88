/** What runs may have left on nodes and in the cluster. */
@NullMarked
package dev.muster.cluster.audit;

import org.jspecify.annotations.NullMarked;
