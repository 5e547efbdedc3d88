/** What was observed of what a finding rests on, and what nobody saw. */
@NullMarked
package dev.muster.verdict.coverage;

import org.jspecify.annotations.NullMarked;
