/**
 * Which setting cut the requests of a planned disruption: one file for each setting that can, told
 * apart by when requests failed and what their pods did then.
 */
@NullMarked
package dev.muster.verdict.check.disruption;

import org.jspecify.annotations.NullMarked;
