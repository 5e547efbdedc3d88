/** What is done on a node and how it is undone: a class for each way; {@code Deeds} chooses. */
@NullMarked
package dev.muster.agent.deed;

import org.jspecify.annotations.NullMarked;
