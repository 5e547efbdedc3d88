/** One client's request over several workers, and the account of it. */
@NullMarked
package dev.muster.deepseek.api.exchange;

import org.jspecify.annotations.NullMarked;
