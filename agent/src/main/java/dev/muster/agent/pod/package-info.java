/**
 * What the agent's program does in a pod that carries no fault: it probes, receives notifications,
 * and reaps a run's namespace.
 */
@NullMarked
package dev.muster.agent.pod;

import org.jspecify.annotations.NullMarked;
