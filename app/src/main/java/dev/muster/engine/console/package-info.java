/** What a person sees of a run. */
@NullMarked
package dev.muster.engine.console;

import org.jspecify.annotations.NullMarked;
