package dev.muster.cluster.fault;

import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.port.ApiDeed;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A gray failure that a pod is asked for. It goes by an id that only this fault of this run has,
 * and ends by the pod's own clock at ttl, or with its process.
 *
 * @param id by {@link #id}
 */
public record LlmDeed(GrayFaults faults, String id, LlmFault kind, Duration ttl)
    implements ApiDeed {

  /** Another for each fault of each run. */
  public static String id(String run, String fault) {
    return run + "-" + fault;
  }

  /**
   * By which {@link GrayFaults#of(io.fabric8.kubernetes.client.KubernetesClient, Map)} finds it.
   */
  @Override
  public Map<String, String> identity() {
    Map<String, String> identity = new TreeMap<>(faults.identity());
    identity.put("by", "the pod itself");
    identity.put("failure", kind.failure().word());
    identity.put("id", id);
    return identity;
  }

  @Override
  public void apply() {
    faults.begin(id, kind, ttl);
  }

  @Override
  public void undo() {
    faults.end(id);
  }

  @Override
  public boolean undone() {
    return !faults.has(id);
  }
}
