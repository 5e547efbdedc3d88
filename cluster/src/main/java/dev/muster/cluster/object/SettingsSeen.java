package dev.muster.cluster.object;

import dev.muster.cluster.connect.Pages;
import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings that own the phases of a recovery, so that the report can put a name to the
 * time.
 */
public final class SettingsSeen {
  private static final String GRACE = "node-monitor-grace-period";

  private final KubernetesClient client;
  private final Drill.Target target;
  private final InstantSource clock;
  private final Consumer<Event> timeline;

  public SettingsSeen(
      KubernetesClient client, Drill.Target target, InstantSource clock, Consumer<Event> timeline) {
    this.client = client;
    this.target = target;
    this.clock = clock;
    this.timeline = timeline;
  }

  /**
   * @param known settings that the API does not tell, by name; empty values are known to be
   *     defaults
   */
  public void write(Map<String, String> known) {
    var version = client.getKubernetesVersion();
    say(
        "kubernetes",
        Objects.requireNonNullElse(version.getGitVersion(), "not told"),
        new ObjectRef.Component("cluster"));
    say(
        GRACE,
        grace(known.get(GRACE), graceDefault(Objects.requireNonNullElse(version.getMinor(), ""))),
        new ObjectRef.Component("kube-controller-manager"));
    String namespace = target.namespace();
    RouteTimeouts.of(client, namespace)
        .forEach(timeout -> say(timeout.setting(), timeout.value(), timeout.route()));
    var controllers = controllers();
    for (Pod pod : client.pods().inNamespace(namespace).list().getItems()) {
      if (pod.getSpec().getNodeName() == null || !Pods.lives(pod)) {
        continue;
      }
      var where = Pods.ref(pod);
      Pods.owner(pod)
          .map(o -> controllers.getOrDefault(o.getUid(), Pods.workload(o, namespace)))
          .ifPresent(workload -> say("controller", workload.text(), where));
      if (!Pods.ready(pod)) {
        say("ready", "false", where);
      }
      if (Pods.matches(pod, target.labelSelectors())) {
        say("targetPod", pod.getSpec().getNodeName(), where);
        target(pod, where);
      } else {
        say("pod", pod.getSpec().getNodeName(), where);
      }
    }
  }

  /**
   * In which zone each node of the cluster is, empty where it says none, and which are not Ready:
   * one or two events a node.
   */
  public void writeZones() {
    for (Node node : Pages.all(client.nodes())) {
      say("zone", Pods.zone(node).orElse(""), Pods.ref(node));
      if (!Pods.ready(node)) {
        say("ready", "false", Pods.ref(node));
      }
    }
  }

  /** What makes the pods of the namespace, by UID; a ReplicaSet's pods are its Deployment's. */
  private Map<String, ObjectRef.Workload> controllers() {
    String namespace = target.namespace();
    var budgets = Pages.all(client.policy().v1().podDisruptionBudget().inNamespace(namespace));
    Map<String, ObjectRef.Workload> all = new HashMap<>();
    for (var d : client.apps().deployments().inNamespace(namespace).list().getItems()) {
      var workload = Pods.workload("Deployment", d);
      all.put(d.getMetadata().getUid(), workload);
      say("replicas", replicas(d.getSpec().getReplicas()), workload);
      DisruptionSettings.of(d, budgets).forEach((name, value) -> say(name, value, workload));
    }
    for (var s : client.apps().statefulSets().inNamespace(namespace).list().getItems()) {
      var workload = Pods.workload("StatefulSet", s);
      all.put(s.getMetadata().getUid(), workload);
      say("replicas", replicas(s.getSpec().getReplicas()), workload);
      DisruptionSettings.of(s, budgets).forEach((name, value) -> say(name, value, workload));
    }
    for (var r : client.apps().replicaSets().inNamespace(namespace).list().getItems()) {
      Pods.owners(r).stream()
          .map(owner -> all.get(owner.getUid()))
          .filter(Objects::nonNull)
          .findFirst()
          .ifPresent(above -> all.put(r.getMetadata().getUid(), above));
    }
    return all;
  }

  /** One, where nobody has said how many. */
  private static String replicas(@Nullable Integer said) {
    return said == null ? "1" : said.toString();
  }

  private void target(Pod pod, ObjectRef.Pod where) {
    say(
        "tolerationSeconds",
        Pods.tolerationSeconds(pod).map(Object::toString).orElse("for ever"),
        where);
    Long grace = pod.getSpec().getTerminationGracePeriodSeconds();
    say("terminationGracePeriodSeconds", grace == null ? "not told" : grace.toString(), where);
    var container = pod.getSpec().getContainers().getFirst();
    probe("readinessProbe", container.getReadinessProbe(), where);
    probe("startupProbe", container.getStartupProbe(), where);
  }

  private void probe(String name, @Nullable Probe probe, ObjectRef.Pod where) {
    if (probe != null) {
      say(name + ".periodSeconds", String.valueOf(probe.getPeriodSeconds()), where);
    }
  }

  private String grace(@Nullable String known, String byDefault) {
    if (known == null) {
      return flag().orElse("not readable here, " + byDefault);
    }
    return known.isEmpty() ? byDefault : known;
  }

  /** As clusters show it that run their control plane as pods. */
  private Optional<String> flag() {
    return client
        .pods()
        .inNamespace("kube-system")
        .withLabel("component", "kube-controller-manager")
        .list()
        .getItems()
        .stream()
        .flatMap(p -> p.getSpec().getContainers().stream())
        .flatMap(c ->
            Stream.concat(
                Amounts.orNone(c.getCommand()).stream(), Amounts.orNone(c.getArgs()).stream()))
        .filter(c -> c.startsWith("--" + GRACE + "="))
        .map(c -> c.substring(c.indexOf('=') + 1))
        .findFirst();
  }

  /** 40 s up to 1.31, 50 s from 1.32 (kubernetes/kubernetes pull request 126287). */
  public static String graceDefault(String minor) {
    String digits = minor.replaceAll("\\D", "");
    if (digits.isEmpty()) {
      return "the default of a version that does not tell itself";
    }
    int number = Integer.parseInt(digits);
    return (number >= 32 ? "50s" : "40s") + " (default of 1." + number + ")";
  }

  private void say(String name, String value, ObjectRef where) {
    timeline.accept(
        new Event.SettingObserved(
            Stamp.seen(clock.instant(), "api-server", Duration.ZERO), name, value, where));
  }
}
