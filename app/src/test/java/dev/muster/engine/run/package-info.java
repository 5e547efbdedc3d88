@NullMarked
package dev.muster.engine.run;

import org.jspecify.annotations.NullMarked;
