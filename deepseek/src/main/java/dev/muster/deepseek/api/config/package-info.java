/** The gateway's configuration. */
@NullMarked
package dev.muster.deepseek.api.config;

import org.jspecify.annotations.NullMarked;
