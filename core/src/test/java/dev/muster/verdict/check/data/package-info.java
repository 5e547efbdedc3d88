@NullMarked
package dev.muster.verdict.check.data;

import org.jspecify.annotations.NullMarked;
