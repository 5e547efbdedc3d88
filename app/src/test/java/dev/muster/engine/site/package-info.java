@NullMarked
package dev.muster.engine.site;

import org.jspecify.annotations.NullMarked;
