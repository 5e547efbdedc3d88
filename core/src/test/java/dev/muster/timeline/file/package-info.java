@NullMarked
package dev.muster.timeline.file;

import org.jspecify.annotations.NullMarked;
