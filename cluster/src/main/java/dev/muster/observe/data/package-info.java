/**
 * Observers of the service's etcd, usage records, gateways' lists of workers, databases and the log
 * store.
 */
@NullMarked
package dev.muster.observe.data;

import org.jspecify.annotations.NullMarked;
