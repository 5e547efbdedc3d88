/** Components and images of a lab in one file: written, read, fetched, checked. */
@NullMarked
package dev.muster.lab.bundle;

import org.jspecify.annotations.NullMarked;
