/**
 * Checks of the fault and of the recovery from it: seen, undone, detected, replaced, recovered,
 * nothing left.
 */
@NullMarked
package dev.muster.verdict.check.fault;

import org.jspecify.annotations.NullMarked;
