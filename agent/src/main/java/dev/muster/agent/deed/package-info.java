/** What is done on a node, one file a kind. */
@NullMarked
package dev.muster.agent.deed;

import org.jspecify.annotations.NullMarked;
