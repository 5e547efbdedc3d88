@NullMarked
package dev.muster.verdict;

import org.jspecify.annotations.NullMarked;
