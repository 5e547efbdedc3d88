@NullMarked
package dev.muster.verdict.recovery;

import org.jspecify.annotations.NullMarked;
