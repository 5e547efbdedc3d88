@NullMarked
package dev.muster.load.answer;

import org.jspecify.annotations.NullMarked;
