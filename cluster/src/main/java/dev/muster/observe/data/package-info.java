/** The service's etcd, databases and the log store. */
@NullMarked
package dev.muster.observe.data;

import org.jspecify.annotations.NullMarked;
