/** What the agent is told, and what it tells. */
@NullMarked
package dev.muster.agent.words;

import org.jspecify.annotations.NullMarked;
