/** A model that is spread over several pods: where one of them is lost, all of it is. */
@NullMarked
package dev.muster.deepseek.group;

import org.jspecify.annotations.NullMarked;
