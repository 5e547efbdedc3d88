/** What the documents say, held against what there is. */
@NullMarked
package dev.muster.docs;

import org.jspecify.annotations.NullMarked;
