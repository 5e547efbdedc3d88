package dev.muster.cluster.preflight;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.fault.Cordon;
import dev.muster.cluster.object.Amounts;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.preflight.PreflightTable.Level;
import dev.muster.cluster.preflight.PreflightTable.Row;
import dev.muster.cluster.preflight.PreflightTable.Topic;
import dev.muster.cluster.select.NodeSelectorTerms;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeNodeAffinity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Pods of a service that can not move, because the volume behind their claim can be reached from
 * none of the nodes that stay and would take them. Claims and volumes are asked for one by one, and
 * only where such a pod is on a node that is to be lost; whoever may not see them is told that
 * nobody looked.
 */
public final class ZonalVolumes {
  private final KubernetesClient client;
  private final Snapshot snapshot;
  private final Set<String> lost;

  private ZonalVolumes(KubernetesClient client, Snapshot snapshot, Set<String> lost) {
    this.client = client;
    this.snapshot = snapshot;
    this.lost = lost;
  }

  /**
   * @param namespace of the service
   * @param lost all nodes that may be gone at the same time
   */
  public static List<Row> rows(
      KubernetesClient client, Snapshot snapshot, String namespace, Set<String> lost) {
    ZonalVolumes volumes = new ZonalVolumes(client, snapshot, lost);
    List<Row> rows = new ArrayList<>();
    for (Pod pod : snapshot.living()) {
      if (!namespace.equals(pod.getMetadata().getNamespace()) || !Pods.on(pod, lost)) {
        continue;
      }
      for (String claim : claims(pod)) {
        try {
          volumes.bound(pod, claim).ifPresent(why -> rows.add(row(pod, why)));
        } catch (KubernetesClientException e) {
          if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
            throw e;
          }
          rows.add(
              row(
                  pod,
                  "where the volume of claim %s is was not looked at: %s"
                      .formatted(claim, ApiErrors.why(e))));
        }
      }
    }
    return rows;
  }

  private static Row row(Pod pod, String text) {
    String subject = pod.getMetadata().getNamespace() + "/" + Pods.name(pod);
    String node = Pods.node(pod).orElse("");
    return new Row(Level.WARN, node, Topic.VOLUMES, subject, null, null, text);
  }

  private static List<String> claims(Pod pod) {
    return Amounts.orNone(pod.getSpec().getVolumes()).stream().flatMap(v -> claim(pod, v)).toList();
  }

  /** One that a pod brings with it is named after pod and volume. */
  private static Stream<String> claim(Pod pod, Volume volume) {
    if (volume.getPersistentVolumeClaim() != null) {
      return Stream.of(volume.getPersistentVolumeClaim().getClaimName());
    }
    return volume.getEphemeral() != null
        ? Stream.of(Pods.name(pod) + "-" + volume.getName())
        : Stream.empty();
  }

  /** Empty where a node that stays reaches it, or nothing is bound to the claim yet. */
  private Optional<String> bound(Pod pod, String claim) {
    return Optional.ofNullable(
            client
                .persistentVolumeClaims()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(claim)
                .get())
        .map(c -> c.getSpec().getVolumeName())
        .filter(name -> !name.isEmpty())
        .map(name -> client.persistentVolumes().withName(name).get())
        .flatMap(volume -> affinity(volume).flatMap(a -> tied(pod, claim, volume, a)));
  }

  private static Optional<NodeSelector> affinity(PersistentVolume volume) {
    return Optional.ofNullable(volume.getSpec().getNodeAffinity())
        .map(VolumeNodeAffinity::getRequired);
  }

  private Optional<String> tied(
      Pod pod, String claim, PersistentVolume volume, NodeSelector affinity) {
    List<Node> reaching =
        snapshot.nodes().stream()
            .filter(n -> !lost.contains(NodeSelectorTerms.name(n)) && Pods.ready(n))
            .filter(n -> NodeFit.reaches(affinity, n))
            .filter(n -> !Cordon.on(n) && NodeFit.refusal(pod, n).isEmpty())
            .toList();
    return reaching.isEmpty()
        ? Optional.of(
            ("claim %s is PersistentVolume %s, whose node affinity (%s) no node has that stays and"
                    + " takes the pod: it can not move, and waits for its zone")
                .formatted(claim, volume.getMetadata().getName(), words(affinity)))
        : Optional.empty();
  }

  private static String words(NodeSelector affinity) {
    return affinity.getNodeSelectorTerms().stream()
        .map(term ->
            Amounts.orNone(term.getMatchExpressions()).stream()
                .map(ZonalVolumes::words)
                .collect(Collectors.joining(" and ")))
        .collect(Collectors.joining(" or "));
  }

  private static String words(NodeSelectorRequirement requirement) {
    return requirement.getKey()
        + " "
        + requirement.getOperator()
        + " "
        + Amounts.orNone(requirement.getValues());
  }
}
