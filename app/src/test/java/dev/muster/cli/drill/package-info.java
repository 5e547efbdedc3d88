@NullMarked
package dev.muster.cli.drill;

import org.jspecify.annotations.NullMarked;
