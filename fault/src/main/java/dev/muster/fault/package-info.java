/** The one course of every fault, its carriers, and power by commands. */
@NullMarked
package dev.muster.fault;

import org.jspecify.annotations.NullMarked;
