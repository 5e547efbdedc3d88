package dev.muster.cluster.kind;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.fault.PolicyDeed;
import dev.muster.cluster.fault.Rights;
import dev.muster.cluster.fault.Rights.Right;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.WorkloadMark;
import dev.muster.drill.kind.NetworkPolicy;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.Effect;
import dev.muster.observe.effect.ConnectivityLost;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A policy that cuts a pod off, and a probe that does not reach it any more. */
public final class NetworkPolicyOnCluster implements OnCluster.ThroughApi<NetworkPolicy> {

  @Override
  public Class<NetworkPolicy> kind() {
    return NetworkPolicy.class;
  }

  @Override
  public ApiDeed deed(NetworkPolicy kind, InjectionContext at, Duration ttl) {
    return new PolicyDeed(
        at.client(),
        at.victim(),
        kind,
        at.peers(),
        at.mark(),
        at.run(),
        ttl,
        at.pods().namespace().image());
  }

  /** The policy, the job that owns it and ends it at its ttl, and the label on its victims. */
  @Override
  public List<Right> rights(NetworkPolicy kind, Set<String> namespaces) {
    return namespaces.stream()
        .flatMap(n ->
            Stream.of(
                    Right.of(Rights.POLICIES, "networkpolicies", n, "create", "get", "delete"),
                    Right.of(Rights.JOBS, "jobs", n, "create", "get", "delete"),
                    Right.of(Rights.CORE, "pods", n, "get", "update", "patch"))
                .flatMap(List::stream))
        .toList();
  }

  /**
   * Packets to the pod are looked for from outside, by one that is cut off as its peers are;
   * packets from it, by a pod to which the policy applies as well.
   */
  @Override
  public Effect effect(NetworkPolicy kind, InjectionContext at) {
    boolean inward = kind.direction().from();
    Pod victim = at.victim();
    Pod aim = inward ? victim : at.peers().isEmpty() ? null : at.peers().getFirst();
    String host = aim == null ? apiServer(at.probe()) : address(aim);
    int port = aim == null ? 443 : Pods.port(aim).orElse(80);
    ConnectivityLost connectivity =
        new ConnectivityLost(
            at.pods()
                .probe(
                    at.fault() + "-probe",
                    inward ? at.pods().namespace().name() : victim.getMetadata().getNamespace(),
                    "",
                    "",
                    false,
                    Map.of(inward ? PolicyDeed.PEER : WorkloadMark.LABEL, at.mark())),
            List.of("probe", "what=tcp", "host=" + host, "port=" + port),
            (aim == null ? "the API server's service" : "pod " + aim.getMetadata().getName())
                + " port "
                + port
                + (inward ? "" : ", from a pod with the policy's label"),
            at.time());
    return aim == null ? connectivity : connectivity.until(() -> gone(at.probe(), aim));
  }

  private static boolean gone(KubernetesClient probe, Pod pod) {
    try {
      Pod now = probe.pods().resource(pod).get();
      return now == null || !now.getMetadata().getUid().equals(pod.getMetadata().getUid());
    } catch (KubernetesClientException e) {
      return false; // nobody was asked
    }
  }

  private static String address(Pod pod) {
    return Pods.address(pod)
        .orElseThrow(() -> new ClusterException(Pods.object(pod) + " has no address"));
  }

  private static String apiServer(KubernetesClient probe) {
    var service = probe.services().inNamespace("default").withName("kubernetes").get();
    if (service == null) {
      throw new ClusterException("the API server's service default/kubernetes is not there");
    }
    return service.getSpec().getClusterIP();
  }
}
