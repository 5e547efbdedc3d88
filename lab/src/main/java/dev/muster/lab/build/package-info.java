/** Makes and pushes images, makes programs, and says what this machine lacks for a lab. */
@NullMarked
package dev.muster.lab.build;

import org.jspecify.annotations.NullMarked;
