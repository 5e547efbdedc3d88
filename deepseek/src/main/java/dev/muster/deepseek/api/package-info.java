/** deepseek-api: the gateway that finds workers in etcd and hides the loss of one where it can. */
@NullMarked
package dev.muster.deepseek.api;

import org.jspecify.annotations.NullMarked;
