package dev.muster.fault;

import dev.muster.drill.AgentPod;
import dev.muster.drill.Effect;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
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
  private final Sight sight;
  private final InstantSource clock;
  private final Pause pause;
  private final List<AgentPod.Said> heard = new ArrayList<>();
  private boolean armed;
  private boolean reverted;
  private boolean denied;
  private @Nullable Instant injected;

  /**
   * @param arguments of the agent, without duration and ttl
   */
  public AgentFault(
      String id,
      String kind,
      ObjectRef.Victim victim,
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
    this.sight = new Sight(effect);
    this.clock = clock;
    this.pause = pause;
  }

  @Override
  public String id() {
    return account.fault();
  }

  @Override
  public boolean inject() throws InterruptedException {
    if (!account.mayBegin(sight)) {
      return false;
    }
    Map<String, String> undo = new TreeMap<>(pod.identity());
    undo.put("node", node);
    undo.put("by", "agent");
    account.armed(clock.instant().plus(ttl), undo);
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
      // asked first: what it said before its end is heard after it
      String trouble = pod.trouble();
      List<AgentPod.Said> words = hear();
      Optional<AgentPod.Said> deed = first(words, "injecting");
      if (deed.isPresent()) {
        begun(deed.get());
        return true;
      }
      if (denied(words)) {
        return false;
      }
      if (!trouble.isEmpty()) {
        account.notVerified(trouble);
        return false;
      }
      pause.of(STEP);
    }
    String waiting = pod.waiting();
    account.notVerified(
        "the agent did not begin within "
            + START.toSeconds()
            + " s"
            + (waiting.isEmpty() ? "" : ": its pod waits: " + waiting));
    return false;
  }

  private void begun(AgentPod.Said deed) throws InterruptedException {
    Duration lead = Duration.ofMillis(Long.parseLong(deed.detail().getOrDefault("inMillis", "0")));
    Instant at = begin(deed, lead);
    injected = at;
    account.injected(new Stamp(at, "agent", null, LAG));
    pause.of(Duration.between(clock.instant(), at.plus(LAG)));
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
    Instant deadline =
        clock
            .instant()
            .plus(duration.compareTo(VERIFY) > 0 || duration.isZero() ? VERIFY : duration);
    while (clock.instant().isBefore(deadline)) {
      Optional<Map<String, String>> seen = sight.seen();
      List<AgentPod.Said> words = hear();
      if (denied(words)) {
        return false;
      }
      if (seen.isPresent()) {
        Map<String, String> evidence = new LinkedHashMap<>();
        first(words, "verified")
            .ifPresent(said ->
                said.detail().entrySet().stream()
                    .filter(e -> !e.getKey().equals("at"))
                    .forEach(e -> evidence.put("agent: " + e.getKey(), e.getValue())));
        evidence.putAll(seen.get());
        account.announce(new Event.FaultVerified(account.now(), account.fault(), evidence));
        return true;
      }
      pause.of(STEP);
    }
    account.notVerified(sight.unseen());
    return false;
  }

  private static Optional<AgentPod.Said> first(List<AgentPod.Said> words, String event) {
    return words.stream().filter(said -> said.event().equals(event)).findFirst();
  }

  /**
   * What the agent says against its own fault outweighs what others saw, also while the fault is
   * held: a stress that died stresses nobody. Told once.
   */
  private synchronized boolean denied(List<AgentPod.Said> words) {
    Optional<AgentPod.Said> denial = first(words, "refused").or(() -> first(words, "not-verified"));
    if (denial.isPresent() && !denied) {
      denied = true;
      account.tell(
          new Event.FaultNotVerified(
              account.now(),
              account.fault(),
              denial.get().detail().getOrDefault("why", denial.get().event())));
    }
    return denial.isPresent();
  }

  /** All that the agent said so far; what is new of it is in the timeline then. */
  private synchronized List<AgentPod.Said> hear() {
    List<AgentPod.Said> all = pod.said();
    for (AgentPod.Said said : all.subList(Math.min(heard.size(), all.size()), all.size())) {
      heard.add(said);
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
    return List.copyOf(heard);
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
    } catch (RuntimeException e) {
      // whatever it was: the pod must not live on because of it
      pod.delete();
      account.tell(
          new Event.FaultNotReverted(
              account.now(), account.fault(), "the agent can not be heard: " + e.getMessage()));
      return false;
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
    // the node may be out of reach: then it comes back by the agent's clock, at ttl at the latest,
    // also where nobody heard that it had begun
    Instant deadline = (begun == null ? asked : begun).plus(ttl).plus(END);
    boolean deleted = false;
    do {
      List<AgentPod.Said> words = hear();
      denied(words);
      Optional<AgentPod.Said> failed = first(words, "not-reverted");
      if (failed.isPresent()) {
        account.tell(
            new Event.FaultNotReverted(
                account.now(),
                account.fault(),
                failed.get().detail().getOrDefault("why", "the agent does not say why")));
        return false;
      }
      Optional<AgentPod.Said> done = first(words, "reverted");
      if (done.isPresent()) {
        return reverted("agent", "undone and looked after at " + done.get().detail().get("at"));
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
    } while (clock.instant().isBefore(deadline)); // looked at once at least: it may be back since
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
