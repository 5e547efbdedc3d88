/** How commands talk with a person at a terminal: questions, signals, kinds of output. */
@NullMarked
package dev.muster.cli.terminal;

import org.jspecify.annotations.NullMarked;
