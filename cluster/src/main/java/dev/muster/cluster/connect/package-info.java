/**
 * The way to an API server: kubeconfig, credentials, proxy, limits, pages, watches, and words for
 * what fails.
 */
@NullMarked
package dev.muster.cluster.connect;

import org.jspecify.annotations.NullMarked;
