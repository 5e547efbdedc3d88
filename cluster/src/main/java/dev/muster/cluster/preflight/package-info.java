/** What the loss of the victims would mean, before anything is touched. */
@NullMarked
package dev.muster.cluster.preflight;

import org.jspecify.annotations.NullMarked;
