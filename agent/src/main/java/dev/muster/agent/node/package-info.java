/** What a node is made of for the agent: processes, control groups, iptables, interfaces. */
@NullMarked
package dev.muster.agent.node;

import org.jspecify.annotations.NullMarked;
