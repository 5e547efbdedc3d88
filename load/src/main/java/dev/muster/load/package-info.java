/** Load over any API that Muster speaks, open-loop or closed, and the rows of the ledger. */
@NullMarked
package dev.muster.load;

import org.jspecify.annotations.NullMarked;
