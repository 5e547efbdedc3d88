package dev.muster.fault;

import dev.muster.drill.AgentPod;
import dev.muster.drill.Effect;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A fault that an agent carries on a node. The agent ends it by its own clock; the engine may ask
 * for an earlier end by deleting the pod. Verified when somebody else sees the effect and the agent
 * does not deny it.
 */
public final class AgentFault implements Disturbance {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Duration VERIFY = Duration.ofSeconds(90);

  /** The agent's own time for an undo and its verification, and the way of its word to us. */
  private static final Duration END = Duration.ofSeconds(60);

  private static final Duration STEP = Duration.ofMillis(300);

  /** A line of a pod's log is seen at most so long after it was written. */
  private static final Duration LAG = Duration.ofMillis(800);

  private final Account account;
  private final String node;
  private final Duration duration;
  private final Duration ttl;
  private final List<String> arguments;
  private final AgentPod pod;
  private final Effect effect;
  private final InstantSource clock;
  private final Pause pause;
  private int heard;
  private boolean armed;
  private boolean reverted;
  private @Nullable Instant injected;
  private volatile AgentPod.@Nullable Said lastWord;

  /**
   * @param arguments of the agent, without duration and ttl
   */
  public AgentFault(
      String id,
      String kind,
      String victim,
      String node,
      Duration duration,
      Duration ttl,
      List<String> arguments,
      AgentPod pod,
      Effect effect,
      InstantSource clock,
      Pause pause,
      Consumer<Event> timeline) {
    this.account = new Account(id, kind, victim, clock, timeline);
    this.node = node;
    this.duration = duration;
    this.ttl = ttl;
    this.arguments = List.copyOf(arguments);
    this.pod = pod;
    this.effect = effect;
    this.clock = clock;
    this.pause = pause;
  }

  @Override
  public String id() {
    return account.fault();
  }

  @Override
  public boolean inject() throws InterruptedException {
    Optional<String> already = effect.before();
    if (already.isPresent()) {
      account.notVerified("not injected: " + already.get());
      return false;
    }
    Map<String, String> undo = new TreeMap<>(pod.identity());
    undo.put("node", node);
    undo.put("by", "agent");
    account.announce(
        new Event.FaultArmed(
            account.now(),
            account.fault(),
            account.kind(),
            account.victim(),
            clock.instant().plus(ttl),
            undo));
    synchronized (this) {
      if (reverted) {
        account.notVerified("reverted before it was injected");
        return false;
      }
      armed = true;
    }
    try {
      pod.start(all());
    } catch (RuntimeException e) {
      account.notVerified("the agent's pod was refused: " + e.getMessage());
      return false;
    }
    return awaitDeed() && verify();
  }

  private List<String> all() {
    List<String> all = new ArrayList<>(arguments);
    all.add("duration=" + duration.toMillis() / 1000.0);
    all.add("ttl=" + ttl.toMillis() / 1000.0);
    return all;
  }

  /** Until the agent says that it is about to inject, and for so long as it says. */
  private boolean awaitDeed() throws InterruptedException {
    Instant deadline = clock.instant().plus(START);
    while (clock.instant().isBefore(deadline)) {
      for (AgentPod.Said said : hear()) {
        if (said.event().equals("injecting")) {
          Duration lead =
              Duration.ofMillis(Long.parseLong(said.detail().getOrDefault("inMillis", "0")));
          Instant at = begin(said, lead);
          injected = at;
          account.announce(
              new Event.FaultInjected(
                  new Stamp(at, "agent", null, LAG),
                  account.fault(),
                  account.kind(),
                  account.victim()));
          pause.of(Duration.between(clock.instant(), at.plus(LAG)));
          return true;
        }
        if (denies(said)) {
          return false;
        }
      }
      String trouble = pod.trouble();
      if (!trouble.isEmpty() && hear().isEmpty()) {
        account.notVerified(trouble);
        return false;
      }
      pause.of(STEP);
    }
    account.notVerified("the agent did not begin within " + START.toSeconds() + " s");
    return false;
  }

  /**
   * By the agent's own clock where that agrees with ours; else not later than it can have been:
   * what clients feel must not come before its cause.
   */
  private Instant begin(AgentPod.Said said, Duration lead) {
    Instant heardAt = clock.instant();
    String at = said.detail().get("at");
    Instant told = at == null ? Instant.MIN : Instant.parse(at);
    boolean agree = !told.isAfter(heardAt) && !told.isBefore(heardAt.minus(LAG));
    return (agree ? told : heardAt.minus(LAG)).plus(lead);
  }

  private boolean verify() throws InterruptedException {
    Map<String, String> evidence = new LinkedHashMap<>();
    Instant deadline =
        clock
            .instant()
            .plus(duration.compareTo(VERIFY) > 0 || duration.isZero() ? VERIFY : duration);
    while (clock.instant().isBefore(deadline)) {
      for (AgentPod.Said said : hear()) {
        if (denies(said)) {
          return false;
        }
        if (said.event().equals("verified")) {
          said.detail().entrySet().stream()
              .filter(e -> !e.getKey().equals("at"))
              .forEach(e -> evidence.put("agent: " + e.getKey(), e.getValue()));
        }
      }
      Optional<Map<String, String>> seen = seen();
      if (seen.isPresent()) {
        evidence.putAll(seen.get());
        account.announce(new Event.FaultVerified(account.now(), account.fault(), evidence));
        return true;
      }
      pause.of(STEP);
    }
    account.notVerified(effect.unseen());
    return false;
  }

  /** Whoever looks may itself be hit by the fault: then nothing was seen. */
  private Optional<Map<String, String>> seen() throws InterruptedException {
    try {
      return effect.seen();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private boolean denies(AgentPod.Said said) {
    if (said.event().equals("refused") || said.event().equals("not-verified")) {
      account.notVerified(said.detail().getOrDefault("why", said.event()));
      return true;
    }
    return false;
  }

  /** What the agent said since it was last heard; it is in the timeline then. */
  private synchronized List<AgentPod.Said> hear() {
    List<AgentPod.Said> all = pod.said();
    List<AgentPod.Said> fresh = List.copyOf(all.subList(Math.min(heard, all.size()), all.size()));
    heard = all.size();
    for (AgentPod.Said said : fresh) {
      if (said.event().equals("reverted") || said.event().equals("not-reverted")) {
        lastWord = said;
      }
      Map<String, String> detail = new LinkedHashMap<>(said.detail());
      String at = detail.remove("at");
      account.tell(
          new Event.AgentSaid(
              new Stamp(clock.instant(), "agent", at == null ? null : Instant.parse(at), LAG),
              account.fault(),
              node,
              said.event(),
              detail));
    }
    return fresh;
  }

  @Override
  public boolean revert(String why) {
    synchronized (this) {
      if (reverted || !armed) {
        reverted = true;
        return true;
      }
    }
    // an interrupt, as of Ctrl-C, must not keep the fault
    boolean interrupted = Thread.interrupted();
    try {
      account.tell(new Event.FaultReverting(account.now(), account.fault(), why));
      boolean done = end();
      synchronized (this) {
        reverted = done;
      }
      return done;
    } catch (InterruptedException e) {
      interrupted = true;
      account.tell(
          new Event.FaultNotReverted(
              account.now(), account.fault(), "interrupted while waiting for the agent's undo"));
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean end() throws InterruptedException {
    Instant begun = injected;
    boolean byItself =
        begun != null && !clock.instant().isBefore(begun.plus(duration).minusSeconds(2));
    Instant asked = clock.instant();
    // the node may be out of reach: then it comes back by the agent's clock, at ttl at the latest
    Instant deadline = (begun == null ? asked : begun.plus(ttl)).plus(END);
    boolean deleted = false;
    while (clock.instant().isBefore(deadline)) {
      hear();
      AgentPod.Said last = lastWord;
      if (last != null && last.event().equals("reverted")) {
        return reverted("agent", "undone and looked after at " + last.detail().get("at"));
      }
      if (last != null) {
        account.tell(
            new Event.FaultNotReverted(
                account.now(), account.fault(), last.detail().getOrDefault("why", "")));
        return false;
      }
      if (!deleted && (!byItself || clock.instant().isAfter(asked.plus(END)))) {
        pod.delete();
        deleted = true;
      }
      if (pod.gone()) {
        return reverted("pod", "gone, and its undo fires when its agent is gone");
      }
      if (!pod.trouble().isEmpty() && !deleted) {
        byItself = false; // it ended without its last word
      }
      pause.of(STEP);
    }
    account.tell(
        new Event.FaultNotReverted(
            account.now(),
            account.fault(),
            "nothing was heard of the agent on " + node + " until after its ttl"));
    return false;
  }

  private boolean reverted(String who, String how) {
    account.tell(new Event.FaultReverted(account.now(), account.fault(), Map.of(who, how)));
    return true;
  }
}
