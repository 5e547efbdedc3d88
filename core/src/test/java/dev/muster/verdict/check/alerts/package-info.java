@NullMarked
package dev.muster.verdict.check.alerts;

import org.jspecify.annotations.NullMarked;
