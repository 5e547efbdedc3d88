@org.jspecify.annotations.NullMarked
package dev.muster.report;
