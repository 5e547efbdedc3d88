/** Enforces NetworkPolicy in the lab, whose pod network enforces none by itself. */
@org.jspecify.annotations.NullMarked
package dev.muster.policy;
