package dev.muster.cluster.fault;

import dev.muster.cluster.run.DrillLease;
import dev.muster.cluster.select.PodSelectorTerms;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.observer.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one list of what a drill must be allowed to do: {@link Permissions} asks for it and {@link
 * Rbac} grants it, with what only makes a message fuller.
 */
public final class Rights {
  public static final String CORE = "";
  private static final String APPS = "apps";
  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final String LEASES = "coordination.k8s.io";
  private static final String SLICES = "discovery.k8s.io";
  public static final String POLICIES = "networking.k8s.io";
  public static final String BUDGETS = "policy";
  public static final String JOBS = "batch";
  public static final String AUTOSCALING = "autoscaling";
  private static final String NODE_LEASES = "kube-node-lease";

  /**
   * @param resource with its subresource, as in RBAC: {@code nodes/proxy}
   * @param namespace null: in all of them, or of the cluster itself
   * @param name of the only object; null: of any
   */
  public record Right(
      String verb,
      String group,
      String resource,
      @Nullable String namespace,
      @Nullable String name) {

    /** Of any name; one for each verb. */
    public static List<Right> of(
        String group, String resource, @Nullable String namespace, String... verbs) {
      return Arrays.stream(verbs)
          .map(verb -> new Right(verb, group, resource, namespace, null))
          .toList();
    }

    /** To a Service behind the API server's proxy, by the name with which it is asked. */
    public static List<Right> of(Place place, String... verbs) {
      return place instanceof Place.Service s
          ? Arrays.stream(verbs)
              .map(verb ->
                  new Right(verb, CORE, "services/proxy", s.namespace(), s.name() + ":" + s.port()))
              .toList()
          : List.of();
    }

    @Override
    public String toString() {
      return verb
          + " "
          + resource
          + (group.isEmpty() ? "" : "." + group)
          + (name == null ? "" : " " + name)
          + (namespace == null ? "" : " in namespace " + namespace);
    }
  }

  private final List<Right> rights = new ArrayList<>();

  private Rights() {}

  /** Each once. Charts are installed with helm's own rights. */
  static List<Right> of(Drill drill) {
    Rights all = new Rights();
    all.looking(drill.target().namespace());
    all.settling(drill);
    all.lease();
    ObserverOnCluster.all().forEach(observer -> all.rights.addAll(observer.rights(drill)));
    for (Fault fault : drill.faults()) {
      all.fault(fault, drill.target().namespace());
    }
    if (inCluster(drill)) {
      all.loadPods();
    }
    return all.rights.stream().distinct().toList();
  }

  /**
   * With what Muster can do without: to tell why an agent's pod does not start, and which pods a
   * lost zone keeps by their volumes.
   */
  static List<Right> granted(Drill drill) {
    List<Right> all = new ArrayList<>(of(drill));
    if (drill.faults().stream().anyMatch(Fault::ofZone)) {
      all.addAll(Right.of(CORE, "persistentvolumeclaims", drill.target().namespace(), "get"));
      all.addAll(Right.of(CORE, "persistentvolumes", null, "get"));
    }
    if (inCluster(drill) || drill.faults().stream().anyMatch(f -> f.kind().needsPods())) {
      all.add(new Right("list", CORE, "events", null, null));
    }
    return all;
  }

  /** To change what a fault of workloads changes, with its mark. */
  public static List<Right> ofWorkloads(Set<String> namespaces) {
    return namespaces.stream()
        .flatMap(n ->
            Stream.of("deployments", "statefulsets")
                .flatMap(workload -> Right.of(APPS, workload, n, "get", "patch").stream()))
        .toList();
  }

  private void looking(String target) {
    add(CORE, "nodes", null, "list", "watch");
    add(CORE, "nodes/proxy", null, "get");
    add(CORE, "pods", null, "list");
    add(CORE, "namespaces", null, "list");
    // the residue audit looks for what any run may have left
    add(POLICIES, "networkpolicies", null, "list");
    add(JOBS, "jobs", null, "list");
    add(BUDGETS, "poddisruptionbudgets", null, "list");
    add(APPS, "deployments", null, "list");
    add(APPS, "statefulsets", null, "list");
    add(APPS, "replicasets", null, "list");
    add(LEASES, "leases", NODE_LEASES, "get", "list", "watch");
    // whose pods are whose, and what somebody else does to them meanwhile
    for (String workload : List.of("deployments", "statefulsets", "replicasets")) {
      add(APPS, workload, target, "watch");
    }
    add(CORE, "pods", target, "watch");
    add(CORE, "pods/proxy", target, "get");
    add(SLICES, "endpointslices", target, "list", "watch");
  }

  /** What a chart installed is waited for. */
  private void settling(Drill drill) {
    Stream.of(Optional.ofNullable(drill.monitor()), Optional.ofNullable(drill.deploy()))
        .flatMap(Optional::stream)
        .forEach(chart -> add(CORE, "pods", chart.namespace(), "watch"));
  }

  /** Whether an object may be created is decided before it has a name. */
  private void lease() {
    add(LEASES, "leases", DrillLease.NAMESPACE, "create");
    for (String verb : List.of("get", "update", "delete")) {
      rights.add(new Right(verb, LEASES, "leases", DrillLease.NAMESPACE, DrillLease.NAME));
    }
  }

  private void fault(Fault fault, String target) {
    if (fault.kind().needsPods()) {
      ownNamespace();
      // which addresses are cut, and whether the effect is felt
      add(SLICES, "endpointslices", "default", "list");
      add(CORE, "services", "default", "get");
      add(CORE, "pods", null, "create", "get", "list", "delete");
      add(CORE, "pods/log", null, "get");
    }
    if (fault.kind().byAgent()) {
      // what the agent is told of its node, and by what the effect is known
      add(CORE, "nodes", null, "get");
    }
    rights.addAll(
        KindsOnCluster.of(fault.kind())
            .rights(fault.kind(), PodSelectorTerms.namespaces(fault.selector(), target)));
  }

  private void ownNamespace() {
    // the run's own namespace has its name from the run, which nobody can know beforehand
    add(CORE, "namespaces", null, "create", "get", "patch", "delete");
    // what deletes it from inside when Muster has died
    add(CORE, "serviceaccounts", null, "create");
    add(RBAC, "roles", null, "create");
    add(RBAC, "rolebindings", null, "create");
    add(APPS, "deployments", null, "create");
  }

  private static boolean inCluster(Drill drill) {
    Drill.Load load = drill.load();
    return load != null && load.inCluster() != null;
  }

  /** What they are told is a Secret, which nobody needs to read but them; they are asked by GET. */
  private void loadPods() {
    ownNamespace();
    add(CORE, "secrets", null, "create");
    add(JOBS, "jobs", null, "create", "delete");
    add(CORE, "pods", null, "list", "delete");
    add(CORE, "pods/proxy", null, "get");
  }

  private void add(String group, String resource, @Nullable String namespace, String... verbs) {
    rights.addAll(Right.of(group, resource, namespace, verbs));
  }
}
