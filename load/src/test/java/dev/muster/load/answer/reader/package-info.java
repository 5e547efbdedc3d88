@NullMarked
package dev.muster.load.answer.reader;

import org.jspecify.annotations.NullMarked;
