/**
 * What Muster and its agent say to each other: what shall be done on a node, and what became of it.
 * Both sides read and write by these types alone. Needs nothing of Muster, and no library but the
 * JSON writer that the agent's image has.
 */
@NullMarked
package dev.muster.wire;

import org.jspecify.annotations.NullMarked;
