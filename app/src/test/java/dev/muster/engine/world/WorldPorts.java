package dev.muster.engine.world;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.Fault;
import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.kind.NetworkPolicy;
import dev.muster.drill.kind.PodKill;
import dev.muster.drill.kind.ProcessKill;
import dev.muster.drill.port.ApiDeed;
import dev.muster.drill.port.Effect;
import dev.muster.drill.port.Power;
import dev.muster.drill.port.Progress;
import dev.muster.drill.time.Time;
import dev.muster.engine.run.Abort;
import dev.muster.engine.run.Ports;
import dev.muster.fault.AgentFault;
import dev.muster.fault.ApiFault;
import dev.muster.fault.Disturbance;
import dev.muster.fault.NodeReboot;
import dev.muster.fault.NodeShutdown;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.wire.DeedSpec;
import dev.muster.wire.InjectionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What a run asks of the world, answered by a {@link World}; the faults are the real ones. */
final class WorldPorts {
  private final World world;
  private final VirtualTime time;
  private final AtomicInteger number = new AtomicInteger();

  WorldPorts(World world) {
    this.world = world;
    this.time = world.time;
  }

  final class Cluster implements Ports.Cluster {
    @Override
    public void hold(Abort abort, Progress progress) throws InterruptedException {
      world.call();
      time.sleep(Duration.ofMillis(200));
    }

    @Override
    public void deploy(Progress progress) throws InterruptedException {
      time.sleep(Duration.ofNanos(world.between(1, 90)));
      world.alive();
    }

    @Override
    public Ports.Preflight preflight() throws InterruptedException {
      world.call();
      time.sleep(Duration.ofSeconds(3));
      world.call();
      return new Ports.Preflight(List.of("somebody"), List.of(), List.of());
    }

    @Override
    public void observeSettings(Consumer<Event> timeline) {
      world.call();
      timeline.accept(
          new Event.SettingObserved(
              Stamp.engine(time.instant()),
              "node-monitor-grace-period",
              "40s",
              new ObjectRef.Component("made up")));
    }

    @Override
    public Ports.Watch watch(Consumer<Event> timeline) {
      world.call();
      return new Watch(timeline);
    }

    @Override
    public boolean whole() {
      world.alive();
      return !world.isAway() && world.nodes.keySet().stream().allMatch(world::ready);
    }

    @Override
    public boolean nodesBack() {
      return whole();
    }

    @Override
    public Ports.Audit audit(Set<String> disturbed) throws InterruptedException {
      return look();
    }

    @Override
    public void leave() {
      world.alive();
      world.agents.forEach(WorldAgent::delete);
    }

    @Override
    public void close() {
      world.alive();
    }
  }

  /** An agent looks on every node; it takes a moment. */
  private Ports.Audit look() throws InterruptedException {
    world.alive();
    time.sleep(Duration.ofSeconds(2));
    world.alive();
    if (world.isAway()) {
      return new Ports.Audit(
          List.of(), List.of("cluster: the API server does not answer"), List.of());
    }
    List<String> residue = new ArrayList<>();
    List<String> unseen = new ArrayList<>();
    for (String node : world.nodes.keySet()) {
      if (!world.reachable(node)) {
        unseen.add("node " + node + " is not Ready");
      }
    }
    List<String> left = world.left();
    left.stream().filter(l -> unseen.stream().noneMatch(l::contains)).forEach(residue::add);
    return new Ports.Audit(residue, unseen, List.of());
  }

  /** What watches see: each node, once a second. */
  private final class Watch implements Ports.Watch {
    private final Consumer<Event> timeline;
    private final Time.Signal closed = time.signal();
    private final Map<String, Boolean> ready = new HashMap<>();
    private boolean blind;

    Watch(Consumer<Event> timeline) {
      this.timeline = timeline;
      time.start("watch", this::run);
    }

    private void run() {
      try {
        while (!closed.await(Duration.ofSeconds(1))) {
          try {
            look();
          } catch (dev.muster.timeline.file.JournalException e) {
            // the abort is asked for
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void look() {
      Stamp now = Stamp.seen(time.instant(), "api-server", Duration.ofSeconds(1));
      if (world.isBlind() != blind) {
        blind = !blind;
        timeline.accept(
            blind
                ? new Event.ObservationLost(now, "watch of Node", "made up")
                : new Event.ObservationResumed(now, "watch of Node"));
      }
      if (!blind) {
        for (String node : world.nodes.keySet()) {
          boolean is = world.ready(node);
          if (ready.getOrDefault(node, true) != is) {
            ready.put(node, is);
            timeline.accept(
                new Event.MilestoneReached(
                    now,
                    is ? Milestone.NODE_READY : Milestone.NODE_NOT_READY,
                    new ObjectRef.Node(node, null),
                    Map.of()));
          }
        }
      }
    }

    @Override
    public String nodeStates() {
      return "";
    }

    @Override
    public void victimNode(ObjectRef.Node node) {
      // all are watched
    }

    @Override
    public void victimPod(ObjectRef.Pod pod) {
      // pods are none of these watches
    }

    @Override
    public void close() {
      closed.raise();
    }
  }

  /** A request each second that is answered at once. */
  final class Load implements Ports.Load {
    private final Consumer<Event> timeline;
    private final double errors;
    private Instant began = Instant.MAX;
    private long from;
    final List<Request> ledger = new ArrayList<>();

    Load(Consumer<Event> timeline, double errors) {
      this.timeline = timeline;
      this.errors = errors;
    }

    @Override
    public void start() {
      world.alive();
      began = time.instant();
      from = world.now();
      timeline.accept(new Event.LoadStarted(Stamp.engine(began), 1, "constant 1/s"));
    }

    @Override
    public String line() {
      return "";
    }

    @Override
    public double errorRatio(Duration last) {
      return errors;
    }

    @Override
    public Optional<Ports.Failed> failed(Duration last) {
      return errors == 0 ? Optional.empty() : Optional.of(new Ports.Failed("by the test", false));
    }

    @Override
    public void stop(Duration atMost) throws InterruptedException {
      time.sleep(Duration.ofSeconds(1));
      world.alive();
      long seconds = (world.now() - from) / World.SECOND;
      for (int n = 0; n < Math.min(seconds, 3600); n++) {
        ledger.add(row(n, began.plusSeconds(n)));
      }
      timeline.accept(
          new Event.LoadEnded(
              Stamp.engine(time.instant()), ledger.size(), 1, 2, new Event.CanaryLag(900, 2, 8)));
    }

    private static Request row(int number, Instant at) {
      return new Request(
          "r-" + number,
          true,
          at,
          at,
          at.plusMillis(5),
          null,
          at.plusMillis(9),
          at.plusMillis(90),
          at.plusMillis(91),
          60,
          12,
          List.of("worker-1"),
          1,
          0,
          200,
          Outcome.COMPLETE,
          null,
          true);
    }

    @Override
    public void close() {
      // nothing is open
    }
  }

  /** Chooses one or two nodes, or the one pod of each. */
  final class Faults implements Ports.Faults {
    private final Consumer<Event> timeline;

    Faults(Consumer<Event> timeline) {
      this.timeline = timeline;
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

    private Disturbance make(Fault fault, ObjectRef.Victim victim, String node) {
      String id = "fault-" + number.incrementAndGet();
      Duration ttl = Objects.requireNonNullElse(fault.ttl(), Duration.ofMinutes(1));
      String kind = fault.kind().word();
      return switch (fault.kind()) {
        case dev.muster.drill.kind.NodeShutdown s when s.reboot() ->
            new NodeReboot(
                id,
                new ObjectRef.Node(node, null),
                world.power(),
                rebooted(node),
                silent(node),
                time,
                timeline);
        case dev.muster.drill.kind.NodeShutdown _ ->
            new NodeShutdown(
                id,
                new ObjectRef.Node(node, null),
                ttl,
                world.power(),
                silent(node),
                time,
                timeline);
        case PodKill _ ->
            new ApiFault(id, kind, victim, null, kill(), done(() -> true), time, timeline);
        case NetworkPolicy _, LlmFault _ ->
            new ApiFault(
                id,
                kind,
                victim,
                ttl,
                policy(id, ttl),
                seen(() -> world.policies.containsKey(id), () -> !world.policies.containsKey(id)),
                time,
                timeline);
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
          yield new AgentFault(
              spec,
              kind,
              victim,
              node,
              agent,
              instant ? done(agent::done) : seen(agent::active, () -> !agent.active()),
              () -> left(agent),
              time,
              timeline);
        }
      };
    }
  }

  /** Of a later Muster, that undoes what a journal tells. */
  boolean undo(Event.FaultArmed fault, Consumer<Event> timeline) throws InterruptedException {
    if (fault.kind().equals("NodeShutdown")) {
      return NodeShutdown.armedBefore(
              fault, world.power(), silent(fault.victim().name()), time, timeline)
          .revert("undone by a later Muster");
    }
    return look().residue().isEmpty();
  }

  /** What the provider says of a victim. */
  boolean off(Event.FaultArmed fault) {
    return world.power().state(fault.victim().name()) == Power.State.OFF;
  }

  /** The node's lease is not renewed, and its kubelet does not answer. */
  private Effect silent(String node) {
    return seen(
        () -> !world.running(node) && world.now() > world.node(node).since + 12 * World.SECOND,
        () -> world.reachable(node));
  }

  private Effect rebooted(String node) {
    long since = world.node(node).since;
    return done(() -> world.node(node).since > since && world.running(node));
  }

  private interface Truth {
    boolean is();
  }

  /** What is done in a moment. */
  private Effect done(Truth truth) {
    return effect(false, truth, truth);
  }

  private Effect seen(Truth truth, Truth over) {
    return effect(true, truth, over);
  }

  /** Told by the API server: where that does not answer nothing is seen. */
  private Effect effect(boolean lasts, Truth truth, Truth over) {
    Map<String, String> evidence = Map.of("world", "has it");
    return new Effect() {
      @Override
      public Optional<String> before() {
        world.call();
        return truth.is() && lasts ? Optional.of("it is so already") : Optional.empty();
      }

      @Override
      public Optional<Map<String, String>> seen() {
        world.call();
        return truth.is() ? Optional.of(evidence) : Optional.empty();
      }

      @Override
      public String unseen() {
        return "the world did not have it";
      }

      @Override
      public boolean lasts() {
        return lasts;
      }

      @Override
      public Look again() {
        world.call();
        if (lasts && truth.is()) {
          return new Lasts(evidence);
        }
        return over.is() ? new Over(Map.of("world", "has it no more")) : new Untold("neither");
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

  private ApiDeed kill() {
    return new ApiDeed() {
      @Override
      public Map<String, String> identity() {
        return Map.of("pod", "w");
      }

      @Override
      public void apply() {
        world.call();
      }

      @Override
      public void undo() {
        world.alive();
      }

      @Override
      public boolean undone() {
        return true;
      }
    };
  }

  private ApiDeed policy(String id, Duration ttl) {
    return new ApiDeed() {
      @Override
      public Map<String, String> identity() {
        return Map.of("policy", id);
      }

      @Override
      public void apply() {
        world.call();
        synchronized (world) {
          world.policies.put(id, world.now() + ttl.toNanos());
        }
      }

      @Override
      public void undo() {
        world.call();
        synchronized (world) {
          world.policies.remove(id);
        }
      }

      @Override
      public boolean undone() {
        world.call();
        return !world.policies.containsKey(id);
      }
    };
  }
}
