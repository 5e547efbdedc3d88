/** What all observers share. */
@NullMarked
package dev.muster.observe;

import org.jspecify.annotations.NullMarked;
