/** deepseek-registrar: beside an engine that knows nothing of etcd, registers it as a worker. */
@NullMarked
package dev.muster.deepseek.engine;

import org.jspecify.annotations.NullMarked;
