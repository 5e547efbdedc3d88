@NullMarked
package dev.muster.load.answer.text;

import org.jspecify.annotations.NullMarked;
