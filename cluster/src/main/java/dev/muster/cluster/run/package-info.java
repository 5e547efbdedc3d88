/**
 * What a run has in the cluster: its Lease, its namespace, pods of agents and of the load, charts.
 */
@NullMarked
package dev.muster.cluster.run;

import org.jspecify.annotations.NullMarked;
