@NullMarked
package dev.muster.verdict.check.fault;

import org.jspecify.annotations.NullMarked;
