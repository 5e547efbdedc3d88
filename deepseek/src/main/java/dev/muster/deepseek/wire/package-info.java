/** What gateway and worker share: the DeepSeek API on the wire, etcd, configuration and logging. */
@NullMarked
package dev.muster.deepseek.wire;

import org.jspecify.annotations.NullMarked;
