package dev.muster.fault;

import dev.muster.drill.port.AgentPod;
import dev.muster.drill.port.AgentWait;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import dev.muster.wire.InjectionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A fault that an agent carries on a node. The agent ends it by its own clock; the engine may ask
 * for an earlier end by deleting the pod. Verified when somebody else sees the effect and the agent
 * does not deny it.
 */
public final class AgentFault implements FaultInjection {
  private static final Duration VERIFY = Duration.ofSeconds(90);

  /** The agent's own time for an undo and its verification, and the way of its word to us. */
  private static final Duration END = Duration.ofSeconds(60);

  private static final Duration STEP = Duration.ofMillis(300);

  /** The undo at ttl counts from so long before the injection: the fault ends before that. */
  private static final Duration AHEAD = Duration.ofSeconds(3);

  /** After the undo somebody else has to see its end: who measures does so every 10 to 20 s. */
  private static final Duration OVER = Duration.ofSeconds(60);

  private final FaultEventRecorder recorder;
  private final String node;
  private final InjectionSpec spec;
  private final Duration duration;
  private final Duration ttl;
  private final AgentPod pod;
  private final GuardedEffect guarded;
  private final EffectMonitor monitor;
  private final ResidueScan fresh;
  private final Time time;
  private final AgentEventReader agentEvents;
  private boolean armed;
  private boolean reverted;
  private boolean denied;
  private boolean announced;
  private boolean asked;
  private @Nullable Instant injected;

  /** When it was heard that it begins, in {@link Time#nanos}: a clock that is set moves it not. */
  private long heardAt;

  private volatile Duration arming = Duration.ZERO;

  /**
   * @param kind as in the drill file
   * @param fresh asked where nobody outside the node could see the end of the fault
   */
  public AgentFault(
      InjectionSpec spec,
      String kind,
      ObjectRef.Victim victim,
      String node,
      AgentPod pod,
      Effect effect,
      ResidueScan fresh,
      Time time,
      Consumer<Event> timeline) {
    this.recorder = new FaultEventRecorder(spec.fault(), kind, victim, time, timeline);
    this.agentEvents = new AgentEventReader(recorder, pod, node);
    this.node = node;
    this.spec = spec;
    this.duration = spec.duration();
    this.ttl = spec.ttl();
    this.pod = pod;
    this.guarded = new GuardedEffect(effect);
    this.monitor = new EffectMonitor(recorder, guarded);
    this.fresh = fresh;
    this.time = time;
  }

  @Override
  public String id() {
    return recorder.fault();
  }

  @Override
  public Duration arming() {
    return arming;
  }

  @Override
  public boolean inject() throws InterruptedException {
    long called = time.nanos();
    if (!recorder.mayBegin(guarded)) {
      return false;
    }
    Map<String, String> undo = new TreeMap<>(pod.identity());
    undo.put("node", node);
    undo.put("by", "agent");
    recorder.armed(guarded.effect().lasts() ? time.instant().plus(ttl) : null, undo);
    synchronized (this) {
      if (reverted) {
        recorder.notVerified("reverted before it was injected");
        return false;
      }
      armed = true;
    }
    try {
      pod.start(spec.arguments());
    } catch (RuntimeException e) {
      recorder.notVerified("the agent's pod was refused: " + e.getMessage());
      return false;
    }
    if (!awaitDeed()) {
      return false;
    }
    Duration room = ttl.minus(duration).minus(AHEAD);
    arming = Duration.ofNanos(heardAt - called).plus(room.isNegative() ? room : Duration.ZERO);
    return verify();
  }

  /** Until the agent says that it is about to inject, and for so long as it says. */
  private boolean awaitDeed() throws InterruptedException {
    AgentWait.Heard heard =
        AgentWait.until(
            words ->
                AgentEventReader.first(words, AgentEvent.Injecting.class).isPresent()
                    || denied(words),
            agentEvents::all,
            pod,
            time);
    Optional<AgentLine> deed = AgentEventReader.line(heard.words(), AgentEvent.Injecting.class);
    if (deed.isPresent()) {
      begun(deed.get());
      return true;
    }
    if (!heard.why().isEmpty()) {
      recorder.notVerified(heard.why());
    }
    return false;
  }

  /** It injects in a moment; until then, and until that can be heard, nothing is looked for. */
  private void begun(AgentLine announcement) throws InterruptedException {
    Instant at = agentEvents.begin(announcement);
    injected = at;
    heardAt = time.nanos();
    time.sleep(Duration.between(time.instant(), at.plus(AgentEventReader.LAG)));
  }

  /**
   * Writes once that it was injected: when the agent says so, or when somebody saw it, for a node
   * that is cut off can say nothing.
   */
  private void announce(List<AgentLine> words, boolean seen, Consumer<Event> out) {
    Instant at = injected;
    if (at == null || announced) {
      return;
    }
    Optional<Duration> took = agentEvents.took(words, at);
    if (took.isPresent() || seen) {
      announced = true;
      Duration within = took.orElseGet(() -> Duration.between(at, time.instant()));
      out.accept(
          recorder.injection(new Stamp(at, "agent", null, within.plus(AgentEventReader.LAG))));
    }
  }

  private boolean verify() throws InterruptedException {
    Time.Deadline deadline =
        time.in(duration.compareTo(VERIFY) > 0 || duration.isZero() ? VERIFY : duration);
    while (!deadline.over()) {
      Optional<Map<String, String>> seen = guarded.seen();
      List<AgentLine> words = agentEvents.all();
      announce(words, seen.isPresent(), recorder::announce);
      if (denied(words)) {
        return false;
      }
      if (seen.isPresent()) {
        Map<String, String> evidence = new LinkedHashMap<>();
        AgentEventReader.first(words, AgentEvent.Verified.class)
            .ifPresent(own ->
                own.evidence().forEach((name, text) -> evidence.put("agent: " + name, text)));
        evidence.putAll(seen.get());
        recorder.announce(new Event.FaultVerified(recorder.now(), recorder.fault(), evidence));
        monitor.begin(Objects.requireNonNull(injected, "announced"));
        return true;
      }
      time.sleep(STEP);
    }
    recorder.notVerified(guarded.unseen());
    return false;
  }

  /**
   * What the agent says against its own fault outweighs what others saw, also while the fault is
   * held: a stress that died stresses nobody. Told once.
   */
  private synchronized boolean denied(List<AgentLine> words) {
    Optional<String> denial =
        AgentEventReader.first(words, AgentEvent.Refused.class)
            .map(AgentEvent.Refused::why)
            .or(() ->
                AgentEventReader.first(words, AgentEvent.NotVerified.class)
                    .map(AgentEvent.NotVerified::why));
    if (denial.isPresent() && !denied) {
      denied = true;
      recorder.tell(
          new Event.FaultNotVerified(
              recorder.now(),
              recorder.fault(),
              AgentEventReader.why(denial.get(), "the agent does not say why")));
    }
    return denial.isPresent();
  }

  @Override
  public void look() throws InterruptedException {
    if (!monitor.due()) {
      return;
    }
    boolean doubted;
    try {
      List<AgentLine> words = agentEvents.all();
      denied(words);
      ended(words);
      doubted = !pod.trouble().isEmpty();
    } catch (RuntimeException e) {
      doubted = false; // it was not heard, which proves nothing
    }
    monitor.look(doubted);
  }

  /** What the agent says of an effect that ended before its time. */
  private void ended(List<AgentLine> words) {
    AgentEventReader.first(words, AgentEvent.Lost.class)
        .ifPresent(lost ->
            monitor.lost(
                "agent",
                "on the node: " + AgentEventReader.why(lost.why(), "it is gone"),
                Duration.ofMillis(lost.seenMillis())));
    Optional<AgentEvent.Reverting> undo = AgentEventReader.first(words, AgentEvent.Reverting.class);
    if (undo.isEmpty() || asked) { // what we told it is no news
      return;
    }
    if (undo.get().why().equals(AgentEvent.Reverting.TOLD)) {
      monitor.lost(
          "agent",
          "its agent was told to end by somebody else",
          Duration.ofMillis(undo.get().afterMillis()));
    }
    monitor.end();
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
      monitor.end();
      recorder.tell(new Event.FaultReverting(recorder.now(), recorder.fault(), why));
      boolean done = end();
      synchronized (this) {
        reverted = done;
      }
      return done;
    } catch (RuntimeException e) {
      // whatever it was: the pod must not live on because of it
      pod.delete();
      recorder.revertUnseen("the agent can not be heard: " + e.getMessage());
      return false;
    } catch (InterruptedException e) {
      interrupted = true;
      recorder.revertUnseen("interrupted while waiting for the agent's undo");
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean end() throws InterruptedException {
    Instant begun = injected;
    Duration passed = Duration.ofNanos(begun == null ? 0 : time.nanos() - heardAt);
    boolean byItself = begun != null && passed.compareTo(duration.minusSeconds(2)) >= 0;
    Time.Deadline patience = time.in(END);
    // the node may be out of reach: then it comes back by the agent's clock, at ttl at the latest,
    // also where nobody heard that it had begun
    Time.Deadline deadline = time.in(ttl.plus(END).minus(passed));
    boolean deleted = false;
    do {
      List<AgentLine> words = agentEvents.all();
      denied(words);
      announce(words, false, recorder::tell);
      ended(words);
      Optional<AgentEvent.NotReverted> failed =
          AgentEventReader.first(words, AgentEvent.NotReverted.class);
      if (failed.isPresent()) {
        recorder.notReverted(
            AgentEventReader.why(failed.get().why(), "the agent does not say why"));
        return false;
      }
      Optional<AgentLine> done = AgentEventReader.line(words, AgentEvent.Reverted.class);
      if (done.isPresent()) {
        return over("agent", "undone and looked after at " + done.get().at());
      }
      if (!deleted && (!byItself || patience.over())) {
        asked = true;
        deleted = true;
        pod.delete();
      }
      if (pod.gone()) {
        return over("pod", "gone without a last word of its agent");
      }
      if (!pod.trouble().isEmpty() && !deleted) {
        byItself = false; // it ended without its last word
      }
      time.sleep(STEP);
    } while (!deadline.over()); // looked at once at least: it may be back since
    recorder.revertUnseen("nothing was heard of the agent on " + node + " until after its ttl");
    return false;
  }

  /**
   * Whoever undid it is not believed: either the observer sees the end, or somebody who took no
   * part looks on the node.
   */
  private boolean over(String who, String how) throws InterruptedException {
    Instant undone = time.instant();
    Map<String, String> evidence = new LinkedHashMap<>(Map.of(who, how));
    boolean lasts = guarded.effect().lasts();
    Effect.Look look =
        lasts ? guarded.end(OVER, time, time::sleep) : new Effect.Untold("nothing of it lasts");
    if (look instanceof Effect.Over seen) {
      evidence.putAll(seen.evidence());
    } else if (lasts || !who.equals("agent")) {
      List<String> left;
      try {
        left = fresh.left();
      } catch (RuntimeException e) {
        recorder.revertUnseen(
            "%s; nobody could look on %s afterwards: %s; %s"
                .formatted(how, node, e.getMessage(), GuardedEffect.text(look)));
        return false;
      }
      if (!left.isEmpty()) {
        recorder.notReverted(
            "%s; left on %s: %s; %s"
                .formatted(how, node, String.join(", ", left), GuardedEffect.text(look)));
        return false;
      }
      evidence.put("fresh agent", "found nothing of it on " + node);
    }
    recorder.reverted(undone, who, evidence);
    return true;
  }
}
