/** A run's folder as pages. */
@org.jspecify.annotations.NullMarked
package dev.muster.report;
