/** Registries of container images and other servers, with tokens, proxies and limits. */
@NullMarked
package dev.muster.lab.registry;

import org.jspecify.annotations.NullMarked;
