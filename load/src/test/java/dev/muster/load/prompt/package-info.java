@NullMarked
package dev.muster.load.prompt;

import org.jspecify.annotations.NullMarked;
