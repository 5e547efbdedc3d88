/** Nodes, pods and workloads as the API server and the kubelet tell of them. */
@NullMarked
package dev.muster.cluster.object;

import org.jspecify.annotations.NullMarked;
