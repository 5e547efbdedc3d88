/** How fast and how large the modelled machine is, and how long its model takes to load. */
@NullMarked
package dev.muster.deepseek.worker.profile;

import org.jspecify.annotations.NullMarked;
