/** A Chaos Mesh file as a drill. */
@NullMarked
package dev.muster.chaosmesh;

import org.jspecify.annotations.NullMarked;
