package dev.muster.engine.wiring;

import dev.muster.cluster.audit.NodeAudit;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.fault.InjectionContext;
import dev.muster.cluster.fault.KindsOnCluster;
import dev.muster.cluster.fault.OnCluster;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.object.Workloads;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.select.Selection;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.port.Effect;
import dev.muster.drill.port.Power;
import dev.muster.drill.time.Time;
import dev.muster.engine.run.Ports;
import dev.muster.fault.Course;
import dev.muster.fault.FaultEventRecorder;
import dev.muster.fault.FaultInjection;
import dev.muster.load.api.HttpChatClient;
import dev.muster.observe.effect.BootView;
import dev.muster.observe.effect.Effects;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.wire.InjectionSpec;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The drill's faults on a real cluster. */
final class RealFaults implements Ports.Faults {
  private final Drill drill;
  private final KubernetesClient client;
  private final KubernetesClient probe;
  private final AgentPods pods;
  private final @Nullable Power power;
  private final Ports.Watch watch;
  private final Time time;
  private final Consumer<Event> timeline;
  private final Effects effects;
  private final AtomicInteger number = new AtomicInteger();
  private final AtomicInteger looks = new AtomicInteger();
  private @Nullable Snapshot snapshot;

  RealFaults(
      Drill drill,
      KubernetesClient client,
      KubernetesClient probe,
      AgentPods pods,
      @Nullable Power power,
      Ports.Watch watch,
      Time time,
      Consumer<Event> timeline) {
    this.drill = drill;
    this.client = client;
    this.probe = probe;
    this.pods = pods;
    this.power = power;
    this.watch = watch;
    this.time = time;
    this.timeline = timeline;
    this.effects = new Effects(probe, pods, time, model(drill), drill.protect().namespaces());
  }

  private static String model(Drill drill) {
    String named = drill.load() == null ? null : drill.load().model();
    return Objects.requireNonNullElse(named, HttpChatClient.Spec.DEFAULT_MODEL);
  }

  @Override
  public List<Ports.Victim> choose(Fault fault, int nth, Set<ObjectRef.Victim> spared) {
    try {
      return chosen(fault, spared);
    } catch (KubernetesClientException e) {
      throw new ClusterException(e);
    }
  }

  private List<Ports.Victim> chosen(Fault fault, Set<ObjectRef.Victim> spared) {
    Snapshot look = look();
    Selection selection = new Selection(drill, look);
    List<Ports.Victim> victims = new ArrayList<>();
    if (fault.kind().ofPods()) {
      for (Pod pod : selection.pods(fault, Selection.chance(drill, fault))) {
        if (spared.stream().noneMatch(Pods.ref(pod)::is)) {
          watch.victimPod(Pods.ref(pod));
          List<Pod> peers =
              selection.peers(fault).stream()
                  .filter(p -> !Pods.object(p).equals(Pods.object(pod)))
                  .toList();
          victims.add(new Ports.Victim(Pods.ref(pod), ofPod(fault, id(), pod, peers)));
        }
      }
    } else if (fault.kind().ofWorkloads()) {
      for (HasMetadata workload :
          selection.workloads(fault, Selection.chance(drill, fault), Workloads.all(client))) {
        if (spared.stream().noneMatch(Workloads.ref(workload)::is)) {
          victims.add(new Ports.Victim(Workloads.ref(workload), ofWorkload(fault, id(), workload)));
        }
      }
    } else {
      for (String name : selection.nodes(fault, Selection.chance(drill, fault))) {
        ObjectRef.Node node = Pods.ref(look.node(name).orElseThrow());
        if (spared.stream().noneMatch(node::is)) {
          watch.victimNode(node);
          victims.add(new Ports.Victim(node, ofNode(fault, id(), node)));
        }
      }
    }
    return victims;
  }

  private synchronized Snapshot look() {
    Snapshot before = snapshot;
    Snapshot now = before == null ? Snapshot.read(client) : before.again(client);
    snapshot = now;
    return now;
  }

  private String id() {
    return AgentArguments.fault(number.incrementAndGet());
  }

  private FaultEventRecorder recorder(Fault fault, String id, ObjectRef.Victim victim) {
    return new FaultEventRecorder(id, fault.kind().word(), victim, time, timeline);
  }

  private FaultInjection ofNode(Fault fault, String id, ObjectRef.Node node) {
    OnCluster<FaultKind> onCluster = KindsOnCluster.of(fault.kind());
    if (onCluster instanceof OnCluster.ThroughApi<FaultKind> through) {
      return throughApi(
          through, fault, node, effects.at(id, node.name(), Optional.empty(), List.of()));
    }
    if (!(onCluster instanceof OnCluster.ByPower<FaultKind>)) {
      return agent(fault, id, node, node.name(), Optional.empty());
    }
    Power switched = Objects.requireNonNull(power, "preflight looks for it");
    Effect silence = effects.of(fault.kind(), id, node.name(), Optional.empty(), List.of());
    FaultEventRecorder recorder = recorder(fault, id, node);
    return fault.kind().is(Trait.ENDS_ITSELF)
        ? Course.reboot(recorder, switched, new BootView(probe, node.name()), silence)
        : Course.shutdown(recorder, Objects.requireNonNull(fault.ttl()), switched, silence);
  }

  private FaultInjection ofPod(Fault fault, String id, Pod pod, List<Pod> peers) {
    String node = pod.getSpec().getNodeName();
    return KindsOnCluster.of(fault.kind()) instanceof OnCluster.ThroughApi<FaultKind> through
        ? throughApi(through, fault, Pods.ref(pod), effects.at(id, node, Optional.of(pod), peers))
        : agent(fault, id, Pods.ref(pod), node, Optional.of(pod));
  }

  private FaultInjection ofWorkload(Fault fault, String id, HasMetadata workload) {
    if (!(KindsOnCluster.of(fault.kind()) instanceof OnCluster.OfWorkloads<FaultKind> through)) {
      throw new IllegalStateException(fault.kind().word() + " takes no workloads");
    }
    return throughApi(through, fault, Workloads.ref(workload), effects.at(id, workload));
  }

  private FaultInjection throughApi(
      OnCluster.ThroughApi<FaultKind> through,
      Fault fault,
      ObjectRef.Victim victim,
      InjectionContext at) {
    FaultKind kind = fault.kind();
    Duration ttl = kind.is(Trait.INSTANT) ? null : Objects.requireNonNull(fault.ttl());
    return Course.throughApi(
        recorder(fault, at.fault(), victim),
        ttl,
        new ErrorTranslatingDeed(
            through.deed(kind, at, Objects.requireNonNullElse(ttl, Duration.ZERO))),
        effects.of(kind, at));
  }

  private FaultInjection agent(
      Fault fault, String id, ObjectRef.Victim victim, String node, Optional<Pod> pod) {
    Duration ttl = fault.ttl() == null ? Duration.ofMinutes(1) : fault.ttl();
    String run = pods.namespace().run();
    return Course.byAgent(
        recorder(fault, id, victim),
        new InjectionSpec(
            run,
            id,
            AgentArguments.id(run, id),
            fault.kind().is(Trait.INSTANT) ? Duration.ZERO : fault.lasting(),
            ttl,
            new AgentArguments(client, probe).of(fault.kind(), node, pod)),
        node,
        pods.onNode(id, node, Map.of("muster.dev/agent", id)),
        effects.of(fault.kind(), id, node, pod, List.of()),
        () ->
            new NodeAudit(pods, time)
                .ofFault(id, node, "undone-" + id + "-" + looks.incrementAndGet()));
  }
}
