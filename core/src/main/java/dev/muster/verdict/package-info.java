/** All checks, and the worst finding. */
@NullMarked
package dev.muster.verdict;

import org.jspecify.annotations.NullMarked;
