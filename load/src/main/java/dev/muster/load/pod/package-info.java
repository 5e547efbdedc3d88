/** The load as several pods in a cluster: what a pod does, and how its rows come home. */
@NullMarked
package dev.muster.load.pod;

import org.jspecify.annotations.NullMarked;
