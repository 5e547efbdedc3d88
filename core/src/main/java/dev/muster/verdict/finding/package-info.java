/** What a check is, what it looks at, and what it finds, in words that can be translated. */
@NullMarked
package dev.muster.verdict.finding;

import org.jspecify.annotations.NullMarked;
