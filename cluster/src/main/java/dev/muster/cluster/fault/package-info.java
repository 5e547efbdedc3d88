/**
 * What a fault is on a real cluster: what its agent is told, what is done through the API server,
 * and the rights that a drill needs.
 */
@NullMarked
package dev.muster.cluster.fault;

import org.jspecify.annotations.NullMarked;
