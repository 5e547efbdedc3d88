@NullMarked
package dev.muster.timeline;

import org.jspecify.annotations.NullMarked;
