@NullMarked
package dev.muster.engine.home;

import org.jspecify.annotations.NullMarked;
