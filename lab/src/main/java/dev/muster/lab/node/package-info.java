/** Nodes of a lab: their network, disk, boot, state on disk, and what may be left of them. */
@NullMarked
package dev.muster.lab.node;

import org.jspecify.annotations.NullMarked;
