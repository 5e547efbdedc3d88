/** Whether the generator itself was late, and what took the CPU from it. */
@NullMarked
package dev.muster.load.strain;

import org.jspecify.annotations.NullMarked;
