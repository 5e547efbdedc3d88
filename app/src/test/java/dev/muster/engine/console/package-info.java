@NullMarked
package dev.muster.engine.console;

import org.jspecify.annotations.NullMarked;
