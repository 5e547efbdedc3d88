package dev.muster.cluster.run;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.Amounts;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Unready;
import dev.muster.drill.Drill;
import dev.muster.drill.port.AgentPod;
import dev.muster.wire.AgentLine;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes pods of the agent's image: privileged ones that carry a fault on a node, and plain ones
 * that look with a pod's eyes.
 *
 * @param probe does not try again: a node that is cut off should not hold up the drill
 */
public record AgentPods(KubernetesClient client, KubernetesClient probe, RunNamespace namespace) {
  /** The lab's, built by {@code muster images}. */
  public static final String IMAGE = "muster.dev/agent:2";

  private static final int FORBIDDEN = 403;

  /** Reasons to wait that do not pass by themselves. */
  private static final Set<String> HOPELESS =
      Set.of("ErrImageNeverPull", "ErrImagePull", "ImagePullBackOff", "InvalidImageName");

  static final List<String> PROGRAM =
      List.of(
          "/jre/bin/java",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Xshare:auto",
          "-Xmx48m",
          "-cp",
          "/agent/*",
          "dev.muster.agent.Agent");

  /** The agent's image that a drill asks for, else the lab's. */
  public static String image(Drill drill) {
    return drill.agentImage() == null ? IMAGE : drill.agentImage();
  }

  /**
   * The agent on a node: it sees the node's processes, network and cgroups, tolerates everything,
   * and is the last that the kubelet evicts.
   */
  public AgentPod onNode(String name, String node, Map<String, String> labels) {
    Pod pod =
        new PodBuilder(base(name, labels))
            .editSpec()
            .withNodeName(node)
            .withHostPID(true)
            .withHostNetwork(true)
            .withPriorityClassName("system-node-critical")
            .withTerminationGracePeriodSeconds(40L)
            .addNewToleration()
            .withOperator("Exists")
            .endToleration()
            .addNewVolume()
            .withName("faults")
            .withNewHostPath("/var/lib/muster", "DirectoryOrCreate")
            .endVolume()
            .addNewVolume()
            .withName("cgroup")
            .withNewHostPath("/sys/fs/cgroup", "Directory")
            .endVolume()
            .addNewVolume()
            .withName("iptables")
            .withNewHostPath("/run/xtables.lock", "FileOrCreate")
            .endVolume()
            .editFirstContainer()
            .withNewSecurityContext()
            .withPrivileged(true)
            .endSecurityContext()
            .addNewVolumeMount()
            .withName("faults")
            .withMountPath("/var/lib/muster")
            .endVolumeMount()
            .addNewVolumeMount()
            .withName("iptables")
            .withMountPath("/run/xtables.lock")
            .endVolumeMount()
            .addNewVolumeMount()
            .withName("cgroup")
            .withMountPath("/node/cgroup")
            .endVolumeMount()
            .endContainer()
            .endSpec()
            .build();
    return new Handle(pod);
  }

  /**
   * A pod without rights that looks at something.
   *
   * @param node where it runs; empty lets the scheduler choose
   * @param notOn a node where it must not run; empty for none
   * @param hostNetwork sees with the node's own eyes
   */
  public AgentPod probe(
      String name,
      String inNamespace,
      String node,
      String notOn,
      boolean hostNetwork,
      Map<String, String> labels) {
    PodBuilder pod = new PodBuilder(base(name, labels));
    pod.editMetadata().withNamespace(inNamespace).endMetadata();
    pod.editSpec().withHostNetwork(hostNetwork).withTerminationGracePeriodSeconds(0L).endSpec();
    if (node.isEmpty()) {
      Placement placement = Placement.among(client.nodes().list().getItems());
      pod.editSpec()
          .withTolerations(placement.tolerations())
          .withAffinity(placement.affinity(notOn))
          .endSpec();
    } else {
      pod.editSpec()
          .withNodeName(node)
          .addNewToleration()
          .withOperator("Exists")
          .endToleration()
          .endSpec();
    }
    pod.editSpec()
        .editFirstContainer()
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .addToDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .endContainer()
        .endSpec();
    return new Handle(pod.build());
  }

  private Pod base(String name, Map<String, String> labels) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace(namespace.name())
        .withLabels(RunNamespace.OURS)
        .addToLabels(RunNamespace.RUN, RunNamespace.label(namespace.run()))
        .addToLabels(labels)
        .endMetadata()
        .withNewSpec()
        .withRestartPolicy("Never")
        .withAutomountServiceAccountToken(false)
        .withEnableServiceLinks(false)
        .addNewContainer()
        .withName("agent")
        .withImage(namespace.image())
        .withImagePullPolicy("IfNotPresent")
        .withCommand(PROGRAM)
        .endContainer()
        .endSpec()
        .build();
  }

  /** One pod, known by namespace and name. */
  private final class Handle implements AgentPod {
    private final Pod pod;
    private List<AgentLine> known = List.of();

    /** Why its log must not be read; empty where it may. */
    private volatile String unread = "";

    private volatile String uid = "";
    private volatile boolean underway;

    Handle(Pod pod) {
      this.pod = pod;
    }

    @Override
    public Map<String, String> identity() {
      Map<String, String> identity = new LinkedHashMap<>();
      identity.put("namespace", pod.getMetadata().getNamespace());
      identity.put("pod", pod.getMetadata().getName());
      return identity;
    }

    @Override
    public void start(List<String> arguments) {
      OwnerReference owner = namespace.make();
      PodBuilder started =
          new PodBuilder(pod)
              .editSpec()
              .editFirstContainer()
              .withArgs(arguments)
              .endContainer()
              .endSpec();
      if (!pod.getMetadata().getNamespace().equals(namespace.name())) {
        started.editMetadata().withOwnerReferences(owner).endMetadata();
      }
      try {
        uid = client.pods().resource(started.build()).create().getMetadata().getUid();
      } catch (KubernetesClientException e) {
        throw new ClusterException(e);
      }
    }

    @Override
    public synchronized List<AgentLine> said() {
      try {
        // as it is: the client's own way first watches whether the pod gets ready
        String log =
            probe.raw(
                "/api/v1/namespaces/%s/pods/%s/log"
                    .formatted(pod.getMetadata().getNamespace(), Pods.name(pod)));
        List<AgentLine> now = lines(Objects.requireNonNullElse(log, ""));
        if (now.size() > known.size()) {
          known = now;
        }
        unread = "";
      } catch (KubernetesClientException e) {
        // not started, or out of reach, but for a log that must not be read
        unread = e.getCode() == FORBIDDEN ? "its log can not be read: " + ApiErrors.why(e) : "";
      }
      return known;
    }

    @Override
    public Look look() {
      try {
        Pod now = probe.pods().resource(pod).get();
        if (now == null) {
          return new Look("the agent's pod is gone", "", false);
        }
        underway = unread.isEmpty() && underway(now);
        return new Look(trouble(now), state(now), underway);
      } catch (KubernetesClientException e) {
        return new Look("", "out of sight: " + ApiErrors.why(e), underway);
      }
    }

    /** Where its log may not be read, it is heard no more, whatever state it is in. */
    private String state(Pod now) {
      List<String> met =
          now.getStatus() == null
              ? List.of()
              : Amounts.orNone(now.getStatus().getConditions()).stream()
                  .filter(c -> "True".equals(c.getStatus()))
                  .map(PodCondition::getType)
                  .toList();
      return Unready.state(now)
          + (met.isEmpty() ? "" : " " + met)
          + (unread.isEmpty() ? "" : ", " + unread);
    }

    private static boolean underway(Pod now) {
      return !Pods.statuses(now).isEmpty()
          && !Pods.finished(now)
          && Pods.statuses(now).stream()
              .map(ContainerStatus::getState)
              .filter(s -> s != null && s.getWaiting() != null)
              .noneMatch(s -> String.valueOf(s.getWaiting().getReason()).endsWith("Error"));
    }

    private String trouble(Pod now) {
      for (ContainerStatus status : Pods.statuses(now)) {
        if (status.getState() == null) {
          continue;
        }
        var waiting = status.getState().getWaiting();
        if (waiting != null && HOPELESS.contains(String.valueOf(waiting.getReason()))) {
          return "the agent's image "
              + namespace.image()
              + ": "
              + waiting.getReason()
              + " "
              + waiting.getMessage();
        }
        var ended = status.getState().getTerminated();
        if (ended != null && ended.getExitCode() != 0) {
          return "the agent ended with exit code " + ended.getExitCode();
        }
      }
      return now.getStatus() != null && "Failed".equals(now.getStatus().getPhase())
          ? "the agent's pod failed: %s, %s"
              .formatted(now.getStatus().getReason(), now.getStatus().getMessage())
          : "";
    }

    @Override
    public String events() {
      return Unready.events(probe, pod.getMetadata().getNamespace(), uid);
    }

    @Override
    public void delete() {
      try {
        probe.pods().resource(pod).delete();
      } catch (KubernetesClientException e) {
        // out of reach: the agent ends by its own clock
      }
    }

    @Override
    public boolean gone() {
      try {
        return probe.pods().resource(pod).get() == null;
      } catch (KubernetesClientException e) {
        return false;
      }
    }
  }

  /** A line that is none of the agent's (a JVM's last words) is passed over. */
  static List<AgentLine> lines(String log) {
    return log.lines().flatMap(line -> AgentLine.of(line).stream()).toList();
  }
}
