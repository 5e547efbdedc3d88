@NullMarked
package dev.muster.verdict.finding;

import org.jspecify.annotations.NullMarked;
