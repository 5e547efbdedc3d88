/** Checks of the alerts that fired, and of whom they reached. */
@NullMarked
package dev.muster.verdict.check.alerts;

import org.jspecify.annotations.NullMarked;
