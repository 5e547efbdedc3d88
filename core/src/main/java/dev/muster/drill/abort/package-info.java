/**
 * What an abort rule looks at, one file each: its record, its fields with their rules, its words in
 * a plan. {@link dev.muster.drill.abort.Probe} lists them.
 */
@NullMarked
package dev.muster.drill.abort;

import org.jspecify.annotations.NullMarked;
