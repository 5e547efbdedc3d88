/**
 * How the agent reads the arguments of its commands other than {@code inject}, and writes its
 * lines.
 */
@NullMarked
package dev.muster.agent.words;

import org.jspecify.annotations.NullMarked;
