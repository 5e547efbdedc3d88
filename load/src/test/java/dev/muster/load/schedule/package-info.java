@NullMarked
package dev.muster.load.schedule;

import org.jspecify.annotations.NullMarked;
