/**
 * What became of the service from the first fault on: lost pods, phases, interruptions, and what
 * others changed meanwhile.
 */
@NullMarked
package dev.muster.verdict.recovery;

import org.jspecify.annotations.NullMarked;
