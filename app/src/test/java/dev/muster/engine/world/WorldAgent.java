package dev.muster.engine.world;

import static dev.muster.engine.world.World.NEVER;
import static dev.muster.engine.world.World.SECOND;

import dev.muster.drill.port.AgentPod;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import dev.muster.wire.InjectionSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An agent of a {@link World}: from its start on its life is known, and others may end it or its
 * undo. Its undo is a process of its own that fires when the agent is gone, and at ttl.
 */
final class WorldAgent implements AgentPod {
  private final World world;
  private final String id;
  private final String node;
  private final String kind;
  private final boolean instant;
  private final long delay;
  private long started = NEVER;
  private long duration;
  private long ttl;
  private long dies = NEVER;
  private boolean undoDies;
  private long told = NEVER;
  private long cleaned = NEVER;
  private List<AgentLine> known = List.of();

  WorldAgent(World world, String id, String node, String kind, boolean instant) {
    this.world = world;
    this.id = id;
    this.node = node;
    this.kind = kind;
    this.instant = instant;
    this.delay = world.between(1, 6);
  }

  String id() {
    return id;
  }

  String node() {
    return node;
  }

  /** Nobody reaches the node while it lasts. */
  boolean cuts() {
    return kind.equals("NodeNetwork") && active();
  }

  private long armed() {
    return started == NEVER ? NEVER : started + delay;
  }

  private long injects() {
    return started == NEVER ? NEVER : armed() + SECOND / 2;
  }

  /** When the effect ends; before {@link #injects} it never was. */
  private long ends() {
    long end = instant ? injects() : Math.min(injects() + duration, armed() + ttl);
    end = Math.min(end, told == NEVER ? NEVER : told + SECOND);
    if (dies < end) {
      end = undoDies ? NEVER : Math.min(end, dies + 2 * SECOND);
    }
    for (long cut : world.node(node).cuts) {
      if (cut >= started && !kind.equals("DiskFill")) {
        end = Math.min(end, cut);
      }
    }
    return Math.min(end, cleaned);
  }

  /** Whether the effect is there now. */
  boolean active() {
    synchronized (world) {
      long now = world.now();
      return started != NEVER
          && dies > injects()
          && told > injects()
          && injects() <= now
          && now < ends();
    }
  }

  /** Whether what is done in a moment was done. */
  boolean done() {
    synchronized (world) {
      return started != NEVER && injects() <= world.now() && dies > injects() && told > injects();
    }
  }

  /** Somebody kills it, and perhaps its undo with it. */
  void die(boolean withUndo) {
    synchronized (world) {
      if (started != NEVER && dies == NEVER) {
        dies = world.now();
        undoDies = withUndo;
      }
    }
  }

  void clean() {
    synchronized (world) {
      cleaned = Math.min(cleaned, world.now());
      dies = Math.min(dies, world.now());
    }
  }

  @Override
  public Map<String, String> identity() {
    return Map.of("pod", id, "namespace", "muster-r");
  }

  @Override
  public void start(List<String> arguments) {
    world.call();
    synchronized (world) {
      started = world.now();
      InjectionSpec spec =
          InjectionSpec.of(arguments.getLast().substring((InjectionSpec.ARGUMENT + "=").length()));
      duration = spec.duration().toNanos();
      ttl = spec.ttl().toNanos();
      world.agents.add(this);
    }
  }

  @Override
  public List<AgentLine> said() {
    world.alive();
    synchronized (world) {
      if (!world.isAway() && world.reachable(node) && !gone()) {
        known = words();
      }
      return known;
    }
  }

  private List<AgentLine> words() {
    List<AgentLine> words = new ArrayList<>();
    say(words, armed(), new AgentEvent.Armed("", Map.of()));
    say(words, armed() + SECOND / 10, new AgentEvent.Injecting(400));
    say(words, injects() + SECOND / 2, new AgentEvent.Verified(Map.of("chain", "is hooked")));
    if (!instant && injects() < told) {
      say(words, ends(), new AgentEvent.Reverting(told == NEVER ? "duration" : "told to", 0));
      say(words, ends() == NEVER ? NEVER : ends() + SECOND / 3, new AgentEvent.Reverted());
    } else if (instant) {
      say(words, injects() + SECOND, new AgentEvent.Reverted());
    }
    return words;
  }

  private void say(List<AgentLine> words, long at, AgentEvent event) {
    if (at <= world.now() && at < dies) {
      words.add(new AgentLine(world.wall(at), event));
    }
  }

  @Override
  public Look look() {
    return new Look(ended(), "", true);
  }

  private String ended() {
    world.alive();
    synchronized (world) {
      if (world.isAway()) {
        return "";
      }
      if (gone()) {
        return "the agent's pod is gone";
      }
      return dies <= world.now() && world.reachable(node)
          ? "the agent ended with exit code 137"
          : "";
    }
  }

  @Override
  public void delete() {
    world.alive();
    synchronized (world) {
      if (!world.isAway() && world.reachable(node) && told == NEVER) {
        told = world.now();
      }
    }
  }

  @Override
  public boolean gone() {
    world.alive();
    synchronized (world) {
      return !world.isAway()
          && (started == NEVER
              || (told != NEVER && world.now() > told + 2 * SECOND && world.reachable(node)));
    }
  }

  @Override
  public String toString() {
    return kind + " " + id + " on " + node + " ends " + Duration.ofNanos(ends());
  }
}
