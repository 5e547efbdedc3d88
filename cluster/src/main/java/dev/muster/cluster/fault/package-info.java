/**
 * What kinds of fault share on a cluster: their interface, deeds through the API server, rights;
 * each kind is in {@code cluster.kind}.
 */
@NullMarked
package dev.muster.cluster.fault;

import org.jspecify.annotations.NullMarked;
