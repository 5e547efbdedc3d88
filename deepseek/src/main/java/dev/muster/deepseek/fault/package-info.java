/** What a worker can be told to do wrong, so that a drill sees what becomes of it. */
@NullMarked
package dev.muster.deepseek.fault;

import org.jspecify.annotations.NullMarked;
