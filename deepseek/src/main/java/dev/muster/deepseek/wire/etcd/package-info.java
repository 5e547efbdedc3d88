/** The few calls of etcd that the service needs. */
@NullMarked
package dev.muster.deepseek.wire.etcd;

import org.jspecify.annotations.NullMarked;
