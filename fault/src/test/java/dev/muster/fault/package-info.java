@NullMarked
package dev.muster.fault;

import org.jspecify.annotations.NullMarked;
