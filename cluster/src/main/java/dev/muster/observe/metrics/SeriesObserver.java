package dev.muster.observe.metrics;

import dev.muster.observe.Observer;
import dev.muster.timeline.file.SeriesFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The series that a report draws, asked of Prometheus at the end of the run and kept in its folder.
 * One that Prometheus does not have is left out: clusters are not all watched alike.
 */
public final class SeriesObserver implements Observer {
  /** Long runs get longer steps, so that a report stays small. */
  private static final int MOST_POINTS = 1000;

  private static final Duration STEP = Duration.ofSeconds(5);

  private final Prometheus prometheus;
  private final String namespace;
  private final Path runFolder;
  private final InstantSource clock;
  private @Nullable Instant began;

  /**
   * @param namespace of the drill's target
   */
  public SeriesObserver(
      Prometheus prometheus, String namespace, Path runFolder, InstantSource clock) {
    this.prometheus = prometheus;
    this.namespace = namespace;
    this.runFolder = runFolder;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "series";
  }

  /** By the names that a report knows them by. */
  static Map<String, String> questions(String namespace) {
    String of = "{namespace=\"" + namespace + "\"}";
    Map<String, String> all = new LinkedHashMap<>();
    all.put(
        "node_ready",
        "max by (node) (kube_node_status_condition{condition=\"Ready\",status=\"true\"})");
    all.put(
        "node_cpu",
        "sum by (node) (rate(container_cpu_usage_seconds_total{id=\"/\",node!=\"\"}[20s]))");
    all.put(
        "node_memory", "sum by (node) (container_memory_working_set_bytes{id=\"/\",node!=\"\"})");
    all.put(
        "pods_ready",
        "sum by (component) (label_replace(kube_deployment_status_replicas_ready"
            + of
            + ", \"component\", \"$1\", \"deployment\", \"(.*)\") or"
            + " label_replace(kube_statefulset_status_replicas_ready"
            + of
            + ", \"component\", \"$1\", \"statefulset\", \"(.*)\"))");
    all.put("requests_running", "sum by (pod) (vllm:num_requests_running" + of + ")");
    all.put("requests_waiting", "sum by (pod) (vllm:num_requests_waiting" + of + ")");
    all.put("kv_cache", "max by (pod) (vllm:kv_cache_usage_perc" + of + ")");
    all.put("etcd_leader", "max by (pod) (etcd_server_has_leader" + of + ")");
    all.put(
        "etcd_proposals",
        "sum by (pod) (rate(etcd_server_proposals_committed_total" + of + "[20s]))");
    return all;
  }

  @Override
  public void begin() {
    began = clock.instant();
  }

  @Override
  public void end() {
    Instant from = began;
    if (from == null) {
      return;
    }
    Instant to = clock.instant();
    Duration offset = AlertRecord.of(prometheus, clock).offset();
    Duration step = step(Duration.between(from, to));
    List<SeriesFile.Line> lines = new ArrayList<>();
    questions(namespace)
        .forEach((name, question) ->
            prometheus
                .range(question, from.plus(offset), to.plus(offset), step)
                .forEach(s -> lines.add(line(name, s, offset))));
    new SeriesFile(from, to, step, List.copyOf(lines)).add(runFolder);
  }

  /** A value that is no number has no place in a chart. */
  private static SeriesFile.Line line(String name, Prometheus.Samples samples, Duration offset) {
    return new SeriesFile.Line(
        name,
        samples.labels(),
        samples.points().stream()
            .filter(p -> Double.isFinite(p.value()))
            .map(p -> new SeriesFile.Point(p.at().minus(offset).toEpochMilli() / 1000.0, p.value()))
            .toList());
  }

  static Duration step(Duration run) {
    long steps = Math.ceilDiv(run.toSeconds(), STEP.toSeconds() * MOST_POINTS);
    return STEP.multipliedBy(Math.max(1, steps));
  }

  @Override
  public void close() {
    // nothing is open
  }
}
