/**
 * What carrying out a drill asks of the world: power, agents, pods that send load, and who sees an
 * effect, who observes the service.
 */
@NullMarked
package dev.muster.drill.port;

import org.jspecify.annotations.NullMarked;
