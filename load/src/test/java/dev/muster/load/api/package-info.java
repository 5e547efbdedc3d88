@NullMarked
package dev.muster.load.api;

import org.jspecify.annotations.NullMarked;
