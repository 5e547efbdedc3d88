/** Whole drills on the lab, driven as a user drives them: through the launcher. */
@NullMarked
package dev.muster.e2e;

import org.jspecify.annotations.NullMarked;
