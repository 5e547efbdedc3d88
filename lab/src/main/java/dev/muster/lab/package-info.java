/** A Kubernetes on this machine: started, switched, ended. */
@NullMarked
package dev.muster.lab;

import org.jspecify.annotations.NullMarked;
