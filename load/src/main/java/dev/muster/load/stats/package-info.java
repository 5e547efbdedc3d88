/** Rows of a ledger counted: by second, by outcome, as histograms. */
@NullMarked
package dev.muster.load.stats;

import org.jspecify.annotations.NullMarked;
