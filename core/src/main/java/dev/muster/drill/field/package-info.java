/**
 * Fields of a drill file that say in one place what they take, what they mean and what is wrong.
 */
@NullMarked
package dev.muster.drill.field;

import org.jspecify.annotations.NullMarked;
