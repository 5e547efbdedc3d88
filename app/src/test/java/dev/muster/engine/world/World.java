package dev.muster.engine.world;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.port.Power;
import dev.muster.engine.time.VirtualTime;
import dev.muster.timeline.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A cluster that is only made up: nodes with their power, agents, policies, and what may go wrong
 * with each. What it knows is the truth; what it tells Muster is what Muster could see. All lengths
 * are nanoseconds of {@link VirtualTime}, whatever the clock says.
 */
final class World {
  static final long SECOND = 1_000_000_000L;
  static final long NEVER = Long.MAX_VALUE;

  final VirtualTime time;
  final Random random;
  final Map<String, Node> nodes = new TreeMap<>();
  final List<WorldAgent> agents = new ArrayList<>();

  /** Policies that are there, and when somebody else than Muster takes them away. */
  final Map<String, Long> policies = new LinkedHashMap<>();

  private final List<long[]> away = new ArrayList<>();
  private final List<long[]> blind = new ArrayList<>();
  boolean diskFull;

  /** How the provider of power behaves. */
  enum Provider {
    HONEST,
    /** Says that it is done, and did nothing. */
    LIES_OFF,
    LIES_ON,
    /** Refuses for a while. */
    BUSY,
    SLOW
  }

  Provider provider = Provider.HONEST;
  private int refusals = 5;

  /** A node; {@code since} its power was switched last. */
  static final class Node {
    final String name;
    boolean on = true;
    long since = -1000 * SECOND;
    long boot = 20 * SECOND;
    final List<Long> cuts = new ArrayList<>();

    Node(String name) {
      this.name = name;
    }
  }

  World(VirtualTime time, Random random) {
    this.time = time;
    this.random = random;
    for (int n = 1; n <= 4; n++) {
      nodes.put("n" + n, new Node("n" + n));
    }
  }

  long now() {
    return time.nanosWithSleep();
  }

  long between(double from, double to) {
    return (long) ((from + random.nextDouble() * (to - from)) * SECOND);
  }

  /** Of a Muster that was killed nothing arrives. */
  void alive() {
    if (time.dead()) {
      throw new VirtualTime.Killed();
    }
  }

  /** The API server does not answer for so long. */
  synchronized void away(Duration length) {
    away.add(new long[] {now(), now() + length.toNanos()});
  }

  synchronized void blind(Duration length) {
    blind.add(new long[] {now(), now() + length.toNanos()});
  }

  synchronized boolean isAway() {
    return within(away);
  }

  synchronized boolean isBlind() {
    return within(away) || within(blind);
  }

  private boolean within(List<long[]> windows) {
    long at = now();
    return windows.stream().anyMatch(w -> w[0] <= at && at < w[1]);
  }

  /**
   * As a client of Kubernetes does it.
   *
   * @throws ClusterException if nobody answers
   */
  void call() {
    alive();
    if (isAway()) {
      throw new ClusterException("the API server does not answer");
    }
  }

  /** Everything that is wrong with it, but not with what faults left, is mended. */
  synchronized void heal() {
    away.clear();
    blind.clear();
    diskFull = false;
    provider = Provider.HONEST;
  }

  /** The kubelet answers and the node is not cut off. */
  synchronized boolean reachable(String node) {
    return running(node) && agents.stream().noneMatch(a -> a.cuts() && a.node().equals(node));
  }

  synchronized boolean running(String node) {
    Node n = node(node);
    return n.on && now() >= n.since + n.boot;
  }

  /** As the control plane sees it: 40 s late. */
  synchronized boolean ready(String node) {
    Node n = node(node);
    return running(node) || (!n.on && now() < n.since + 40 * SECOND);
  }

  Node node(String name) {
    return java.util.Objects.requireNonNull(nodes.get(name), name);
  }

  /** What of faults is in effect at this moment. */
  synchronized List<String> left() {
    List<String> left = new ArrayList<>();
    nodes.values().stream().filter(n -> !n.on).forEach(n -> left.add("off: " + n.name));
    agents.stream().filter(WorldAgent::active).forEach(a -> left.add("agent: " + a));
    policies.forEach((id, until) -> {
      if (now() < until) {
        left.add("policy: " + id);
      }
    });
    return left;
  }

  /** Whether the fault with this id is in effect. */
  synchronized boolean inEffect(Event.FaultArmed fault) {
    return switch (fault.kind()) {
      case "NodeShutdown" -> !node(fault.victim().name()).on;
      case "NetworkPolicy", "LlmFault" -> now() < policies.getOrDefault(fault.fault(), 0L);
      default -> agents.stream().anyMatch(a -> a.id().equals(fault.fault()) && a.active());
    };
  }

  /** Somebody goes to each node that is cut off and whose undo was killed: nothing else helps. */
  synchronized void mend() {
    agents.stream().filter(WorldAgent::cuts).forEach(WorldAgent::clean);
  }

  /** An agent on every node that can be reached removes what it finds. */
  synchronized void clean() {
    agents.stream().filter(a -> reachable(a.node())).forEach(WorldAgent::clean);
    policies.clear();
  }

  Instant wall(long nanos) {
    return VirtualTime.BEGIN.plusNanos(nanos);
  }

  /** The provider of power, as it behaves. */
  Power power() {
    return new Power() {
      @Override
      public void off(String node) {
        work();
        if (provider != Provider.LIES_OFF) {
          turn(node, false);
        }
      }

      @Override
      public void on(String node) {
        work();
        if (provider != Provider.LIES_ON) {
          turn(node, true);
        }
      }

      private void work() {
        alive();
        try {
          time.sleep(Duration.ofSeconds(provider == Provider.SLOW ? 60 : 1));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new PowerException("interrupted");
        }
        if (provider == Provider.BUSY && refusals-- > 0) {
          throw new PowerException("busy");
        }
      }

      private void turn(String name, boolean on) {
        synchronized (World.this) {
          Node node = World.this.node(name);
          if (node.on != on) {
            node.on = on;
            node.since = now();
            node.boot = between(5, 30);
            if (!on) {
              node.cuts.add(now());
            }
          }
        }
      }

      @Override
      public State state(String name) {
        alive();
        synchronized (World.this) {
          boolean lies = provider == Provider.LIES_ON;
          return lies || World.this.node(name).on ? State.ON : State.OFF;
        }
      }

      @Override
      public String describe() {
        return "made up";
      }
    };
  }
}
