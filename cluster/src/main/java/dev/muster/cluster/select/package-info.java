/** Which nodes, pods and workloads a drill means, and which nothing may touch. */
@NullMarked
package dev.muster.cluster.select;

import org.jspecify.annotations.NullMarked;
