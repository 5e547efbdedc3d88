/** The course of a fault, and power by commands. */
@NullMarked
package dev.muster.fault;

import org.jspecify.annotations.NullMarked;
