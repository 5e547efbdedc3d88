/** deepseek-worker: a model without a GPU that loads, prefills and decodes at a set speed. */
@NullMarked
package dev.muster.deepseek.worker;

import org.jspecify.annotations.NullMarked;
