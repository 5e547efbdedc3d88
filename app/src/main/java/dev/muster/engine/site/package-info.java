/** Where drills take place: a lab or a foreign cluster. */
@NullMarked
package dev.muster.engine.site;

import org.jspecify.annotations.NullMarked;
