/** Open-loop load over the DeepSeek API, and the ledger's rows that come of it. */
@NullMarked
package dev.muster.load;

import org.jspecify.annotations.NullMarked;
