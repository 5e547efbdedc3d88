/** Tells the fields of a drill file and the kinds of faults to somebody who writes one. */
@NullMarked
package dev.muster.drill.guide;

import org.jspecify.annotations.NullMarked;
