/** Fields of a drill file, and their values: durations, amounts, selectors. */
@NullMarked
package dev.muster.drill.field;

import org.jspecify.annotations.NullMarked;
