package dev.muster.engine.world;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.Fault;
import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.kind.NetworkPolicy;
import dev.muster.drill.kind.NodeShutdown;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.kind.ProcessKill;
import dev.muster.engine.run.Ports;
import dev.muster.engine.time.VirtualTime;
import dev.muster.fault.Course;
import dev.muster.fault.FaultEventRecorder;
import dev.muster.fault.FaultInjection;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.wire.DeedSpec;
import dev.muster.wire.InjectionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** Chooses one or two nodes, or the one pod of each. */
final class WorldFaults implements Ports.Faults {
  private final World world;
  private final VirtualTime time;
  private final Consumer<Event> timeline;
  private final WorldEffects effects;
  private final WorldDeeds deeds;
  private final AtomicInteger number = new AtomicInteger();

  WorldFaults(World world, Consumer<Event> timeline) {
    this.world = world;
    this.time = world.time;
    this.timeline = timeline;
    effects = new WorldEffects(world);
    deeds = new WorldDeeds(world);
  }

  @Override
  public List<Ports.Victim> choose(Fault fault, int nth, Set<ObjectRef.Victim> spared) {
    world.call();
    Set<String> nodes = new TreeSet<>();
    for (int n = 0; n <= world.random.nextInt(2); n++) {
      nodes.add("n" + (1 + world.random.nextInt(world.nodes.size())));
    }
    List<Ports.Victim> victims = new ArrayList<>();
    for (String node : nodes) {
      ObjectRef.Victim victim =
          fault.kind().ofPods()
              ? new ObjectRef.Pod("s", "w-" + node, null)
              : new ObjectRef.Node(node, null);
      if (!spared.contains(victim)) {
        victims.add(new Ports.Victim(victim, make(fault, victim, node)));
      }
    }
    return victims;
  }

  private FaultInjection make(Fault fault, ObjectRef.Victim victim, String node) {
    String id = "fault-" + number.incrementAndGet();
    Duration ttl = Objects.requireNonNullElse(fault.ttl(), Duration.ofMinutes(1));
    String kind = fault.kind().word();
    var recorder = new FaultEventRecorder(id, kind, victim, time, timeline);
    return switch (fault.kind()) {
      case NodeShutdown s when s.reboot() ->
          Course.reboot(recorder, world.power(), effects.rebooted(node), effects.silent(node));
      case NodeShutdown _ -> Course.shutdown(recorder, ttl, world.power(), effects.silent(node));
      case PodKill _ -> Course.throughApi(recorder, null, deeds.kill(), effects.done(() -> true));
      case NetworkPolicy _, LlmFault _ ->
          Course.throughApi(
              recorder,
              ttl,
              deeds.policy(id, ttl),
              effects.seen(
                  () -> world.policies.containsKey(id), () -> !world.policies.containsKey(id)));
      default -> {
        boolean instant = fault.kind() instanceof ProcessKill;
        WorldAgent agent = new WorldAgent(world, id, node, kind, instant);
        InjectionSpec spec =
            new InjectionSpec(
                "r",
                id,
                id,
                instant ? Duration.ZERO : fault.lasting(),
                ttl,
                new DeedSpec.KubeletStop());
        yield Course.byAgent(
            recorder,
            spec,
            node,
            agent,
            instant
                ? effects.done(agent::done)
                : effects.seen(agent::active, () -> !agent.active()),
            () -> left(agent));
      }
    };
  }

  /** A fresh agent looks on the node. */
  private List<String> left(WorldAgent agent) throws InterruptedException {
    world.call();
    time.sleep(Duration.ofSeconds(2));
    world.call();
    if (!world.reachable(agent.node())) {
      throw new ClusterException("the agent on " + agent.node() + " said nothing");
    }
    return agent.active() ? List.of(agent.toString()) : List.of();
  }
}
