@NullMarked
package dev.muster.verdict.check.clients;

import org.jspecify.annotations.NullMarked;
