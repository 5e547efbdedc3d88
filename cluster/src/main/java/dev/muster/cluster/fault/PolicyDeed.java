package dev.muster.cluster.fault;

import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.port.ApiDeed;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A NetworkPolicy that cuts a pod off. The pod gets a label of the fault's own, by which the policy
 * finds it and nothing else. The policy belongs to a Job that ends at the fault's ttl and is
 * deleted when it has ended: so the cluster itself removes both if nobody else does.
 *
 * @param label of the fault, by {@link InjectionContext#mark}
 * @param peers that the kind's selector means; empty where it has none
 */
public record PolicyDeed(
    KubernetesClient client,
    Pod pod,
    dev.muster.drill.kind.NetworkPolicy kind,
    List<Pod> peers,
    String label,
    String run,
    Duration ttl,
    String image)
    implements ApiDeed {
  /**
   * A pod with it is cut off as the fault's peers are. A witness with labels of the peers would
   * instead be found by their services and owners.
   */
  public static final String PEER = "muster.dev/fault-peer";

  @Override
  public Map<String, String> identity() {
    return Map.of(
        "by", "networkpolicy", "namespace", namespace(), "name", name(), "pod", Pods.name(pod));
  }

  private String name() {
    return "muster-" + label;
  }

  private String namespace() {
    return pod.getMetadata().getNamespace();
  }

  @Override
  public void apply() {
    Job job = client.batch().v1().jobs().resource(job()).create();
    client
        .pods()
        .inNamespace(namespace())
        .withName(Pods.name(pod))
        .edit(p -> {
          p.getMetadata().getLabels().put(WorkloadMark.LABEL, label);
          return p;
        });
    client.network().v1().networkPolicies().resource(policy(job)).create();
  }

  /** Sleeps until the ttl is over, and is then deleted by the cluster with all that it owns. */
  private Job job() {
    return new JobBuilder()
        .withNewMetadata()
        .withName(name())
        .withNamespace(namespace())
        .withLabels(labels())
        .endMetadata()
        .withNewSpec()
        .withTtlSecondsAfterFinished(0)
        .withBackoffLimit(0)
        .withActiveDeadlineSeconds(ttl.toSeconds() + 30)
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels())
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withTerminationGracePeriodSeconds(0L)
        .addNewContainer()
        .withName("ttl")
        .withImage(image)
        .withImagePullPolicy("IfNotPresent")
        .withCommand("/bin/busybox", "sleep", Long.toString(ttl.toSeconds()))
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }

  private Map<String, String> labels() {
    var labels = new java.util.TreeMap<>(RunNamespace.OURS);
    labels.put(RunNamespace.RUN, RunNamespace.label(run));
    return labels;
  }

  /**
   * A policy allows and never denies: cutting off from some means allowing all addresses but
   * theirs.
   */
  private NetworkPolicy policy(Job owner) {
    OwnerReference reference =
        new OwnerReferenceBuilder()
            .withApiVersion("batch/v1")
            .withKind("Job")
            .withName(owner.getMetadata().getName())
            .withUid(owner.getMetadata().getUid())
            .build();
    var policy =
        new NetworkPolicyBuilder()
            .withNewMetadata()
            .withName(name())
            .withNamespace(namespace())
            .withLabels(labels())
            .withOwnerReferences(reference)
            .endMetadata()
            .withNewSpec()
            .withNewPodSelector()
            .addToMatchLabels(WorkloadMark.LABEL, label)
            .endPodSelector()
            .endSpec();
    List<NetworkPolicyPeer> others = others();
    List<String> types = new ArrayList<>();
    if (kind.direction().from()) {
      types.add("Ingress");
      if (!others.isEmpty()) {
        policy.editSpec().addNewIngress().withFrom(others).endIngress().endSpec();
      }
    }
    if (kind.direction().to()) {
      types.add("Egress");
      if (!others.isEmpty()) {
        policy.editSpec().addNewEgress().withTo(others).endEgress().endSpec();
      }
    }
    return policy.editSpec().withPolicyTypes(types).endSpec().build();
  }

  /** Empty where nobody is left to talk to. */
  private List<NetworkPolicyPeer> others() {
    if (kind.peers() == null && kind.cidrs().isEmpty()) {
      return List.of();
    }
    List<String> ranges =
        Stream.of(kind.cidrs().stream(), peers.stream().flatMap(PolicyDeed::address), witnesses())
            .flatMap(cut -> cut)
            .map(c -> c.contains("/") ? c : c + "/32")
            .distinct()
            .toList();
    return List.of(
        new NetworkPolicyPeerBuilder()
            .withNewIpBlock()
            .withCidr("0.0.0.0/0")
            .withExcept(ranges)
            .endIpBlock()
            .build());
  }

  /** Probes that look whether a peer is cut off: they have none of the peers' own labels. */
  private Stream<String> witnesses() {
    return client.pods().inAnyNamespace().withLabel(PEER, label).list().getItems().stream()
        .flatMap(PolicyDeed::address);
  }

  private static Stream<String> address(Pod pod) {
    return Pods.address(pod).stream();
  }

  @Override
  public void undo() {
    client.network().v1().networkPolicies().inNamespace(namespace()).withName(name()).delete();
    client.batch().v1().jobs().inNamespace(namespace()).withName(name()).delete();
    // by its name: an edit of the pod as it was chosen would find no label in it
    var named = client.pods().inNamespace(namespace()).withName(Pods.name(pod));
    if (labelled(named.get())) {
      named.edit(p -> {
        p.getMetadata().getLabels().remove(WorkloadMark.LABEL, label);
        return p;
      });
    }
  }

  @Override
  public boolean undone() {
    return !labelled(client.pods().inNamespace(namespace()).withName(Pods.name(pod)).get())
        && client.network().v1().networkPolicies().inNamespace(namespace()).withName(name()).get()
            == null
        && client.batch().v1().jobs().inNamespace(namespace()).withName(name()).get() == null;
  }

  private boolean labelled(@Nullable Pod now) {
    return now != null && label.equals(Pods.labels(now).get(WorkloadMark.LABEL));
  }
}
