/** Text that people write, with the place of each mistake. */
@NullMarked
package dev.muster.source;

import org.jspecify.annotations.NullMarked;
