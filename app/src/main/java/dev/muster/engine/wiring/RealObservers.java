package dev.muster.engine.wiring;

import dev.muster.drill.Drill;
import dev.muster.drill.MonitoringEndpoints;
import dev.muster.observe.Observer;
import dev.muster.observe.ask.MonitoringApis;
import dev.muster.observe.data.DataObservers;
import dev.muster.observe.metrics.Alertmanager;
import dev.muster.observe.metrics.AlertsObserver;
import dev.muster.observe.metrics.GrafanaObserver;
import dev.muster.observe.metrics.Prometheus;
import dev.muster.observe.metrics.ReceiverLog;
import dev.muster.observe.metrics.SeriesObserver;
import dev.muster.timeline.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The observers of a run: of the programs that its drill says watch the cluster, of data and logs.
 */
final class RealObservers {
  private RealObservers() {}

  /**
   * @param probe does not try again
   * @param drivers folder of JDBC drivers' jars
   */
  static List<Observer> of(
      Drill drill,
      MonitoringApis apis,
      KubernetesClient probe,
      Path runFolder,
      Path drivers,
      InstantSource clock,
      Consumer<Event> timeline) {
    List<Observer> all = new ArrayList<>();
    apis.prometheus()
        .map(Prometheus::new)
        .ifPresent(prometheus -> {
          all.add(
              new AlertsObserver(
                  prometheus,
                  apis.alertmanager().map(Alertmanager::new),
                  MonitoringEndpoints.of(drill).receiver().map(ns -> new ReceiverLog(probe, ns)),
                  drill.expect().alerts(),
                  clock,
                  timeline));
          all.add(new SeriesObserver(prometheus, drill.target().namespace(), runFolder, clock));
        });
    all.addAll(
        DataObservers.of(
            drill,
            probe,
            apis.elasticsearch(),
            runFolder,
            drivers,
            System.getenv(),
            clock,
            timeline));
    apis.grafana().ifPresent(grafana -> all.add(new GrafanaObserver(grafana, runFolder, drill)));
    return all;
  }
}
