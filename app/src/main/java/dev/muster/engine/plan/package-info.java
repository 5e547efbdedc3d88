/** What a drill would do, in words. */
@NullMarked
package dev.muster.engine.plan;

import org.jspecify.annotations.NullMarked;
