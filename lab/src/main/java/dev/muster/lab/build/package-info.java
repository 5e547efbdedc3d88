/** Makes programs and images, and says what this machine needs for it. */
@NullMarked
package dev.muster.lab.build;

import org.jspecify.annotations.NullMarked;
