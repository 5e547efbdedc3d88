@NullMarked
package dev.muster.load.http;

import org.jspecify.annotations.NullMarked;
