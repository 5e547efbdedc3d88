/**
 * The program of the fault agent's pod: arms the undo on the node, injects, verifies, holds,
 * reverts. Needs nothing but the JDK and a JSON writer, because it runs inside a starving node.
 */
@NullMarked
package dev.muster.agent;

import org.jspecify.annotations.NullMarked;
