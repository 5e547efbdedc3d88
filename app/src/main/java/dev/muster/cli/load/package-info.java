/** A load alone: its options, its report, its verdict. */
@NullMarked
package dev.muster.cli.load;

import org.jspecify.annotations.NullMarked;
