@NullMarked
package dev.muster.source;

import org.jspecify.annotations.NullMarked;
