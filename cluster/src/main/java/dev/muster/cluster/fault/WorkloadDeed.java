package dev.muster.cluster.fault;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.object.Workloads;
import dev.muster.drill.port.ApiDeed;
import dev.muster.timeline.ObjectRef;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Some fields of a Deployment or StatefulSet are set, and put back as far as nobody else has set
 * them since. Its controller does the rest, both times. Undone means that the fields are back; that
 * the old revision serves again, the recovery waits for.
 *
 * @param chosen the workload as it was then
 * @param mark of the fault, another for each fault of each run
 * @param fields by {@link WorkloadMark}, with what they shall say
 * @param patience for so long the controller has to do it
 */
public record WorkloadDeed(
    KubernetesClient client,
    HasMetadata chosen,
    String mark,
    Map<String, String> fields,
    Duration patience)
    implements ApiDeed {

  private ObjectRef.Workload workload() {
    return Workloads.ref(chosen);
  }

  @Override
  public Map<String, String> identity() {
    Map<String, String> identity = new TreeMap<>();
    identity.put("by", "label " + WorkloadMark.LABEL + "=" + mark);
    identity.put("workload", workload().text());
    for (String field : fields.keySet()) {
      String was = WorkloadMark.read(chosen, field);
      identity.put(field + " before", was == null ? "" : was);
    }
    return identity;
  }

  @Override
  public void apply() {
    Workloads.edit(
        client,
        workload(),
        now -> {
          WorkloadMark.taken(now)
              .ifPresent(why -> {
                throw new ClusterException(why);
              });
          WorkloadMark.put(now, mark, fields);
        });
  }

  @Override
  public void undo() {
    if (!undone()) {
      Workloads.edit(
          client,
          workload(),
          now -> {
            if (ours(now)) {
              WorkloadMark.takeBack(now, chosen, fields);
            }
          });
    }
  }

  @Override
  public boolean undone() {
    return Workloads.now(client, workload()).filter(this::ours).isEmpty();
  }

  /**
   * It carries this fault's mark; or none any more, as where somebody has taken the label away, and
   * still says what the fault set and what it did not say before.
   */
  private boolean ours(HasMetadata now) {
    return WorkloadMark.of(now)
        .map(mark::equals)
        .orElseGet(() -> WorkloadMark.holds(now, fields) && !WorkloadMark.holds(chosen, fields));
  }

  @Override
  public Duration step() {
    return Duration.ofSeconds(1);
  }

  @Override
  public boolean endsItself() {
    return false;
  }
}
