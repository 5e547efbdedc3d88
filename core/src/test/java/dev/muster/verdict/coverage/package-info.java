@NullMarked
package dev.muster.verdict.coverage;

import org.jspecify.annotations.NullMarked;
