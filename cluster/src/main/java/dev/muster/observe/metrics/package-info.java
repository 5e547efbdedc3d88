/** Prometheus, Alertmanager and Grafana: series, alerts, notifications, annotations. */
@NullMarked
package dev.muster.observe.metrics;

import org.jspecify.annotations.NullMarked;
