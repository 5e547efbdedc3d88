/**
 * Rows of {@code muster doctor} for a bundle, Muster's home and a cluster, and what a load needs;
 * those of a lab are in {@code dev.muster.lab.build.Doctor}.
 */
@NullMarked
package dev.muster.cli.doctor;

import org.jspecify.annotations.NullMarked;
