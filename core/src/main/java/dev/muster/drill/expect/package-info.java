/** What a drill can expect: declared by whoever judges it, and read by a drill file. */
@NullMarked
package dev.muster.drill.expect;

import org.jspecify.annotations.NullMarked;
