/** The machine that carries the lab: programs, processes, control groups, packages. */
@NullMarked
package dev.muster.lab.host;

import org.jspecify.annotations.NullMarked;
