package dev.muster.lab.node;

import dev.muster.lab.host.WrongLabException;
import java.util.List;
import java.util.Map;

/**
 * What lab to start.
 *
 * @param name of the lab; lower case letters, digits and hyphens, at most 12
 * @param kubernetes full version, like 1.37.2
 * @param nodes with {@code ops}, which is never a victim; 2 to 9
 * @param settings flags by component: {@code kube-controller-manager → node-monitor-grace-period →
 *     20s}
 * @param memoryBytes of each node
 * @param cpus of each node, confined by quota
 * @param diskBytes of each node: where its pods write, sparse on the machine
 * @param ingress false: nothing lets clients in, for drills of what has no clients
 */
public record LabSpec(
    String name,
    String kubernetes,
    int nodes,
    List<String> zones,
    Map<String, Map<String, String>> settings,
    long memoryBytes,
    double cpus,
    long diskBytes,
    boolean ingress) {

  public static final String OPS = "ops";

  public LabSpec {
    name = checked(name);
    if (nodes < 2 || nodes > 9) {
      throw new WrongLabException("a lab has 2 to 9 nodes, not " + nodes);
    }
    if (zones.isEmpty()) {
      throw new WrongLabException("a lab needs at least one zone");
    }
  }

  /**
   * A lab's name is part of names of folders, namespaces and cgroups that are removed by it.
   *
   * @throws WrongLabException if it is none
   */
  public static String checked(String name) {
    if (!name.matches("[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?")) {
      throw new WrongLabException(
          "lab name '" + name + "': use 1 to 12 lower case letters, digits and hyphens");
    }
    return name;
  }

  public static LabSpec of(
      String name,
      String kubernetes,
      int nodes,
      List<String> zones,
      Map<String, Map<String, String>> settings) {
    return new LabSpec(name, kubernetes, nodes, zones, settings, 3L << 30, 2, 4L << 30, true);
  }

  /** The same with the full version of Kubernetes. */
  public LabSpec with(String version) {
    return new LabSpec(
        name, version, nodes, zones, settings, memoryBytes, cpus, diskBytes, ingress);
  }

  public LabSpec withoutIngress() {
    return new LabSpec(
        name, kubernetes, nodes, zones, settings, memoryBytes, cpus, diskBytes, false);
  }
}
