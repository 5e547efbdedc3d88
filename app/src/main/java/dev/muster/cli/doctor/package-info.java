/** What this machine and a cluster lack for a drill. */
@NullMarked
package dev.muster.cli.doctor;

import org.jspecify.annotations.NullMarked;
