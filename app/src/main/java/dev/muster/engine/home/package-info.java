/** What Muster has on this machine: its folders, runs, version, and its exit codes. */
@NullMarked
package dev.muster.engine.home;

import org.jspecify.annotations.NullMarked;
