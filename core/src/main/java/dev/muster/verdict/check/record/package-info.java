/**
 * Checks of the run itself: it was carried through, the load kept its schedule, ledger and timeline
 * are whole and in order.
 */
@NullMarked
package dev.muster.verdict.check.record;

import org.jspecify.annotations.NullMarked;
