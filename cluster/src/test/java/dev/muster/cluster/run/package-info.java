@NullMarked
package dev.muster.cluster.run;

import org.jspecify.annotations.NullMarked;
