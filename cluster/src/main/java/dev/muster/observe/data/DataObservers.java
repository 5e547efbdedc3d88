package dev.muster.observe.data;

import dev.muster.drill.Drill;
import dev.muster.drill.LoadRequest;
import dev.muster.observe.Observer;
import dev.muster.observe.TraceStore;
import dev.muster.observe.ask.JsonApi;
import dev.muster.observe.ask.PodReplicas;
import dev.muster.observe.served.AccessLogs;
import dev.muster.observe.served.ServedByObserver;
import dev.muster.observe.served.ServingPods;
import dev.muster.timeline.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Those observers of data and logs whom the drill needs. */
public final class DataObservers {
  /** Between two looks at etcd and caches: what they see is known to this. */
  private static final Duration APART = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Duration LATE = Duration.ofSeconds(3);

  private DataObservers() {}

  /**
   * @param probe does not try again
   * @param logs the log store, where there is one
   * @param runFolder gets the traces
   * @param drivers folder of JDBC drivers' jars
   */
  public static List<Observer> of(
      Drill drill,
      KubernetesClient probe,
      Optional<JsonApi> logs,
      Path runFolder,
      Path drivers,
      Map<String, String> environment,
      InstantSource clock,
      Consumer<Event> timeline) {
    var expect = drill.expect();
    var namespace = drill.target().namespace();
    var etcd = new ServiceEtcd(new PodReplicas(probe, namespace, "etcd", "client"));
    var traces = new TraceStore(runFolder);
    var all = new ArrayList<Observer>();
    servedBy(drill, probe, runFolder, traces, clock, timeline).ifPresent(all::add);
    boolean reconciled = expect.unexplainedMax() != null;
    if (expect.cachesWithin() != null) {
      var gateways = new PodReplicas(probe, namespace, "api", "debug");
      var workers = new PodReplicas(probe, namespace, "worker", "http");
      all.add(new CacheObserver(etcd, gateways, workers, APART, clock, timeline));
    }
    if (expect.consistency().etcdEqual()) {
      all.add(new EtcdObserver(etcd, APART, PATIENCE, clock, timeline));
    }
    if (expect.consistency().writesKept() || reconciled) {
      all.add(new UsageObserver(etcd, LATE, traces, clock, timeline));
    }
    if (!expect.logs().isEmpty() || reconciled) {
      all.add(
          new LogObserver(
              logs.map(LogStore::new),
              drill,
              () -> PodReplicas.places(probe, namespace),
              LATE,
              traces,
              clock,
              timeline));
    }
    for (var sql : expect.sql()) {
      all.add(new SqlObserver(sql, new SqlDrivers(drivers), environment, clock, timeline));
    }
    return List.copyOf(all);
  }

  /** The reference service's answers name their pods. */
  private static Optional<Observer> servedBy(
      Drill drill,
      KubernetesClient probe,
      Path runFolder,
      TraceStore traces,
      InstantSource clock,
      Consumer<Event> timeline) {
    var load = drill.load();
    var log = drill.observe().accessLog();
    if (load == null || (log == null && load.request().preset() == LoadRequest.Preset.DEEPSEEK)) {
      return Optional.empty();
    }
    return Optional.of(
        new ServedByObserver(
            log == null ? null : new AccessLogs(probe, log, clock),
            new ServingPods(probe, drill.target().namespace()),
            String.valueOf(runFolder.getFileName()),
            runFolder,
            traces,
            APART,
            clock,
            timeline));
  }
}
