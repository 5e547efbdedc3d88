/**
 * Who watches the service beside Kubernetes, one file each: its record, its field of {@code
 * observe} with rules and help, its reader. {@link dev.muster.drill.observer.Watcher} lists them.
 */
@NullMarked
package dev.muster.drill.observer;

import org.jspecify.annotations.NullMarked;
