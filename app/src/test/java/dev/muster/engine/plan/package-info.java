@NullMarked
package dev.muster.engine.plan;

import org.jspecify.annotations.NullMarked;
