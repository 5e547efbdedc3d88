/** What gateway and worker share: refusals, JSON, configuration, log, metrics, a gentle end. */
@NullMarked
package dev.muster.deepseek.wire;

import org.jspecify.annotations.NullMarked;
