/**
 * A kind of fault is one file here: its record, its fields with their rules, its traits, its words
 * in a plan. {@link dev.muster.drill.kind.FaultKind} lists them.
 */
@NullMarked
package dev.muster.drill.kind;

import org.jspecify.annotations.NullMarked;
