/**
 * When requests are sent: at a rate, or at the times of a trace, and by which of several
 * generators.
 */
@NullMarked
package dev.muster.load.schedule;

import org.jspecify.annotations.NullMarked;
