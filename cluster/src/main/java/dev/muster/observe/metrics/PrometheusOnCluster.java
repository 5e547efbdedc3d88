package dev.muster.observe.metrics;

import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import dev.muster.drill.port.Observer;
import dev.muster.observe.ask.JsonApi;
import dev.muster.verdict.check.alerts.AlertsExpected;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Alerts and series, of a drill that names a Prometheus; who else tells of alerts is asked too. */
public final class PrometheusOnCluster implements ObserverOnCluster {
  private static final Class<dev.muster.drill.observer.Alertmanager> ALERTMANAGER =
      dev.muster.drill.observer.Alertmanager.class;

  @Override
  public Stream<Observer> of(Run run) {
    var drill = run.drill();
    var token = run.environment().get("MUSTER_ALERTMANAGER_TOKEN");
    var alertmanager =
        drill.watcher(ALERTMANAGER).map(a -> JsonApi.of(a.place(), run.probe(), token));
    var receiver =
        drill
            .watcher(ALERTMANAGER)
            .flatMap(dev.muster.drill.observer.Alertmanager::receiver)
            .map(namespace -> new ReceiverLog(run.probe(), namespace));
    return Prometheus.of(run).stream()
        .flatMap(prometheus ->
            Stream.of(
                new AlertsObserver(
                    prometheus,
                    alertmanager.map(Alertmanager::new),
                    receiver,
                    AlertsExpected.in(drill),
                    run.clock(),
                    run.timeline()),
                new SeriesObserver(
                    prometheus, drill.target().namespace(), run.folder(), run.clock())));
  }

  @Override
  public List<Right> rights(Drill drill) {
    List<Right> all = new ArrayList<>();
    drill
        .watcher(dev.muster.drill.observer.Prometheus.class)
        .ifPresent(p -> all.addAll(Right.of(p.place(), "get")));
    drill.watcher(ALERTMANAGER).ifPresent(a -> all.addAll(Right.of(a.place(), "get")));
    drill
        .watcher(ALERTMANAGER)
        .flatMap(dev.muster.drill.observer.Alertmanager::receiver)
        .ifPresent(ns -> all.addAll(Right.of(Rights.CORE, "pods/log", ns, "get")));
    return all;
  }
}
