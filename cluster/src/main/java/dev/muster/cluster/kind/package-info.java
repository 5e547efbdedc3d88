/**
 * Each kind of fault on a real cluster: what its agent is told or what is asked of the API server,
 * who sees it, what it must be allowed.
 */
@NullMarked
package dev.muster.cluster.kind;

import org.jspecify.annotations.NullMarked;
