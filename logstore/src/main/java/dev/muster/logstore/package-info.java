/** The log store of charts/monitoring: OpenSearch, one node, with an index template for logs. */
@NullMarked
package dev.muster.logstore;

import org.jspecify.annotations.NullMarked;
