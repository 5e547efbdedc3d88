@NullMarked
package dev.muster.verdict.check.disruption;

import org.jspecify.annotations.NullMarked;
