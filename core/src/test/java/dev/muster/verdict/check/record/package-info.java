@NullMarked
package dev.muster.verdict.check.record;

import org.jspecify.annotations.NullMarked;
