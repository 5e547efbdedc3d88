/**
 * Checks of what clients got: availability, interruption, latency, lost requests, content of
 * answers.
 */
@NullMarked
package dev.muster.verdict.check.clients;

import org.jspecify.annotations.NullMarked;
