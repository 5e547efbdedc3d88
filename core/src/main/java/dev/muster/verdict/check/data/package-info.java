/** Checks of what the service's records, its etcd, databases and the log store tell. */
@NullMarked
package dev.muster.verdict.check.data;

import org.jspecify.annotations.NullMarked;
