package dev.muster.observe;

import dev.muster.cluster.AgentPods;
import dev.muster.cluster.ClusterException;
import dev.muster.cluster.KubeletView;
import dev.muster.cluster.Pages;
import dev.muster.cluster.Pods;
import dev.muster.cluster.PolicyDeed;
import dev.muster.drill.Effect;
import dev.muster.drill.FaultKind;
import dev.muster.drill.FaultKind.Peers;
import dev.muster.drill.Time;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who sees the effect of which fault without having injected it.
 *
 * @param probe does not try again: what it is told once is what it says
 * @param pods makes the pods of probes
 * @param model by which an LLM service is asked for answers
 */
public record Effects(KubernetesClient probe, AgentPods pods, Time time, String model) {

  /**
   * @param fault id, for names of probes
   * @param node the victim, or the victim's node
   * @param victim the pod; empty for faults of nodes
   * @param peers from which a NetworkPolicy cuts it off; empty where it names none
   */
  public Effect of(
      FaultKind kind, String fault, String node, Optional<Pod> victim, List<Pod> peers) {
    return new Worded(seenBy(kind, fault, node, victim, peers));
  }

  private Effect seenBy(
      FaultKind kind, String fault, String node, Optional<Pod> victim, List<Pod> peers) {
    return switch (kind) {
      case FaultKind.NodeShutdown _ -> new NodeSilent(probe, node, false, time);
      case FaultKind.NodeNetwork cut when cut.peers() == Peers.NODES ->
          reach(fault, "tcp", address(node), 10250, "", node, true);
      case FaultKind.NodeNetwork cut when cut.peers() == Peers.CIDRS ->
          reach(fault, "tcp", within(cut.cidrs(), node), 10250, node, "", true);
      case FaultKind.NodeNetwork _ -> new NodeSilent(probe, node, false, time);
      case FaultKind.KubeletStop _ -> new NodeSilent(probe, node, true, time);
      case FaultKind.CpuStress _ when victim.isPresent() ->
          new PodStressed(new KubeletView(probe, node), victim.get());
      case FaultKind.MemoryStress _ when victim.isPresent() ->
          new PodStressed(new KubeletView(probe, node), victim.get());
      case FaultKind.CpuStress cpu -> new NodeBusy(new KubeletView(probe, node), cpu.load());
      case FaultKind.MemoryStress memory ->
          NodeFilled.memory(probe, new KubeletView(probe, node), node, memory.amount());
      case FaultKind.DiskFill disk ->
          NodeFilled.disk(probe, new KubeletView(probe, node), node, disk.amount());
      case FaultKind.ProcessKill _ -> new ContainerEnded(probe, victim.orElseThrow());
      case FaultKind.ProcessPause _ -> new PodUnanswering(probe, victim.orElseThrow());
      case FaultKind.PodKill _ -> new PodGone(probe, victim.orElseThrow());
      case FaultKind.LlmFault llm ->
          new LlmHarmed(
              probe,
              victim.orElseThrow(),
              llm,
              pods.namespace().run() + " " + fault,
              model,
              LlmHarmed.Waits.USUAL);
      case FaultKind.NetworkPolicy policy -> policy(policy, fault, victim.orElseThrow(), peers);
      case FaultKind.DnsFailure _ ->
          reach(fault, "dns", "kubernetes.default.svc.cluster.local.", 53, node, "", false);
      case FaultKind.NetworkDelay delay ->
          new Slowed(
              reach(fault, "tcp", address(node), 10250, "", node, true),
              delay.latency().toMillis());
      case FaultKind.NetworkLoss loss ->
          reach(fault, "tcp", address(node), 10250, "", node, true).lossy(loss.percent());
    };
  }

  /**
   * Packets to the pod are looked for from outside, by one that is cut off as its peers are;
   * packets from it, by a pod to which the policy applies as well.
   */
  private Effect policy(FaultKind.NetworkPolicy policy, String fault, Pod victim, List<Pod> peers) {
    String label = PolicyDeed.label(pods.namespace().run(), fault);
    boolean inward = policy.direction().from();
    Pod aim = inward ? victim : peers.isEmpty() ? null : peers.getFirst();
    String host = aim == null ? apiServer() : address(aim);
    int port = aim == null ? 443 : Pods.port(aim).orElse(80);
    Reach reach =
        new Reach(
            pods.probe(
                fault + "-probe",
                inward ? pods.namespace().name() : victim.getMetadata().getNamespace(),
                "",
                "",
                false,
                Map.of(inward ? PolicyDeed.PEER : PolicyDeed.LABEL, label)),
            List.of("probe", "what=tcp", "host=" + host, "port=" + port),
            (aim == null ? "the API server's service" : "pod " + aim.getMetadata().getName())
                + " port "
                + port
                + (inward ? "" : ", from a pod with the policy's label"),
            time);
    return aim == null ? reach : reach.until(() -> gone(aim));
  }

  private boolean gone(Pod pod) {
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

  private String apiServer() {
    var service = probe.services().inNamespace("default").withName("kubernetes").get();
    if (service == null) {
      throw new ClusterException("the API server's service default/kubernetes is not there");
    }
    return service.getSpec().getClusterIP();
  }

  private Reach reach(
      String fault,
      String what,
      String host,
      int port,
      String node,
      String notOn,
      boolean hostNetwork) {
    return new Reach(
        pods.probe(fault + "-probe", pods.namespace().name(), node, notOn, hostNetwork, Map.of()),
        List.of("probe", "what=" + what, "host=" + host, "port=" + port),
        what + " " + host + (what.equals("tcp") ? ":" + port : ""),
        time);
  }

  private String address(String node) {
    return Optional.ofNullable(probe.nodes().withName(node).get())
        .flatMap(Pods::address)
        .orElseThrow(() ->
            new ClusterException(
                "node " + node + " has no InternalIP at which its kubelet could be looked for"));
  }

  /** Another node's kubelet that lies in one of the ranges: something that can be asked. */
  private String within(List<String> cidrs, String node) {
    return Pages.all(probe.nodes()).stream()
        .filter(n -> !n.getMetadata().getName().equals(node))
        .flatMap(n -> Pods.address(n).stream())
        .filter(a -> cidrs.stream().anyMatch(c -> Cidr.of(c).holds(a)))
        .findFirst()
        .orElse(cidrs.getFirst().replaceAll("/.*", ""));
  }
}
