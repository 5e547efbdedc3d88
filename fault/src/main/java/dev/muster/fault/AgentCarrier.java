package dev.muster.fault;

import dev.muster.drill.port.AgentPod;
import dev.muster.drill.port.AgentWait;
import dev.muster.drill.port.Effect;
import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import dev.muster.wire.InjectionSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An agent on a node carries it, and ends it by its own clock; the engine may ask for an earlier
 * end by deleting the pod.
 */
final class AgentCarrier implements Carrier {
  private static final Duration VERIFY = Duration.ofSeconds(90);

  /** The agent's own time for an undo and its verification, and the way of its word to us. */
  private static final Duration END = Duration.ofSeconds(60);

  /** The undo at ttl counts from so long before the injection: the fault ends before that. */
  private static final Duration AHEAD = Duration.ofSeconds(3);

  /** After the undo somebody else has to see its end: who measures does so every 10 to 20 s. */
  private static final Duration OVER = Duration.ofSeconds(60);

  private final InjectionSpec spec;
  private final String node;
  private final AgentPod pod;
  private final FaultEventRecorder recorder;
  private final GuardedEffect guarded;
  private final EffectMonitor monitor;
  private final ResidueScan fresh;
  private final Time time;
  private final AgentEventReader agentEvents;
  private boolean denied;
  private boolean announced;
  private boolean asked;
  private @Nullable Begun begun;

  AgentCarrier(
      InjectionSpec spec,
      String node,
      AgentPod pod,
      FaultEventRecorder recorder,
      EffectMonitor monitor,
      ResidueScan fresh) {
    this.spec = spec;
    this.node = node;
    this.pod = pod;
    this.recorder = recorder;
    this.guarded = monitor.guarded();
    this.monitor = monitor;
    this.fresh = fresh;
    this.time = recorder.clock();
    this.agentEvents = new AgentEventReader(recorder, pod, node);
  }

  @Override
  public @Nullable Duration ttl() {
    return guarded.effect().lasts() ? spec.ttl() : null;
  }

  @Override
  public Map<String, String> identity() {
    Map<String, String> identity = new TreeMap<>(pod.identity());
    identity.put("node", node);
    identity.put("by", "agent");
    return identity;
  }

  @Override
  public boolean tellsInjection() {
    return true;
  }

  @Override
  public void apply() {
    pod.start(spec.arguments());
  }

  @Override
  public String refused() {
    return "the agent's pod was refused: ";
  }

  /** Until the agent says that it is about to inject, and for so long as it says. */
  @Override
  public @Nullable Begun begun(Begun applied) throws InterruptedException {
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
      Begun soon = new Begun(agentEvents.begin(deed.get()), time.nanos());
      begun = soon;
      // until then, and until that can be heard, nothing is looked for
      time.sleep(Duration.between(time.instant(), soon.at().plus(AgentEventReader.LAG)));
      return soon;
    }
    if (!heard.why().isEmpty()) {
      recorder.notVerified(heard.why());
    }
    return null;
  }

  @Override
  public Duration arming(Duration sinceCall) {
    Duration room = spec.ttl().minus(spec.duration()).minus(AHEAD);
    return sinceCall.plus(room.isNegative() ? room : Duration.ZERO);
  }

  @Override
  public Duration verify() {
    Duration duration = spec.duration();
    return duration.compareTo(VERIFY) > 0 || duration.isZero() ? VERIFY : duration;
  }

  @Override
  public boolean denies(boolean seen) {
    List<AgentLine> words = agentEvents.all();
    announce(words, seen, recorder::announce);
    return denied(words);
  }

  @Override
  public Map<String, String> evidence(Map<String, String> seen) {
    Map<String, String> evidence = new LinkedHashMap<>();
    AgentEventReader.first(agentEvents.heard(), AgentEvent.Verified.class)
        .ifPresent(
            own -> own.evidence().forEach((name, text) -> evidence.put("agent: " + name, text)));
    evidence.putAll(seen);
    return evidence;
  }

  /**
   * Writes once that it was injected: when the agent says so, or when somebody saw it, for a node
   * that is cut off can say nothing.
   */
  private void announce(List<AgentLine> words, boolean seen, Consumer<Event> out) {
    if (begun == null || announced) {
      return;
    }
    Instant at = begun.at();
    Optional<Duration> took = agentEvents.took(words, at);
    if (took.isPresent() || seen) {
      announced = true;
      Duration within = took.orElseGet(() -> Duration.between(at, time.instant()));
      out.accept(
          recorder.injection(new Stamp(at, "agent", null, within.plus(AgentEventReader.LAG))));
    }
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
  public boolean doubts() {
    try {
      List<AgentLine> words = agentEvents.all();
      denied(words);
      ended(words);
      return !pod.trouble().isEmpty();
    } catch (RuntimeException e) {
      return false; // it was not heard, which proves nothing
    }
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
  public End undo(boolean again) throws InterruptedException {
    try {
      return awaitEnd();
    } catch (RuntimeException e) {
      // whatever it was: the pod must not live on because of it
      pod.delete();
      return new Unseen("the agent can not be heard: " + e.getMessage());
    }
  }

  private End awaitEnd() throws InterruptedException {
    Duration passed = Duration.ofNanos(begun == null ? 0 : time.nanos() - begun.nanos());
    boolean byItself = begun != null && passed.compareTo(spec.duration().minusSeconds(2)) >= 0;
    Time.Deadline patience = time.in(END);
    // the node may be out of reach: then it comes back by the agent's clock, at ttl at the latest,
    // also where nobody heard that it had begun
    Time.Deadline deadline = time.in(spec.ttl().plus(END).minus(passed));
    boolean deleted = false;
    do {
      List<AgentLine> words = agentEvents.all();
      denied(words);
      announce(words, false, recorder::tell);
      ended(words);
      Optional<AgentEvent.NotReverted> failed =
          AgentEventReader.first(words, AgentEvent.NotReverted.class);
      if (failed.isPresent()) {
        return new Left(AgentEventReader.why(failed.get().why(), "the agent does not say why"));
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
      time.sleep(step());
    } while (!deadline.over()); // looked at once at least: it may be back since
    return new Unseen("nothing was heard of the agent on " + node + " until after its ttl");
  }

  /**
   * Whoever undid it is not believed: either the observer sees the end, or somebody who took no
   * part looks on the node.
   */
  private End over(String who, String how) throws InterruptedException {
    Instant undone = time.instant();
    Map<String, String> evidence = new LinkedHashMap<>(Map.of(who, how));
    boolean lasts = guarded.effect().lasts();
    Effect.Look look = lasts ? guarded.end(OVER, time) : new Effect.Untold("nothing of it lasts");
    if (look instanceof Effect.Over seen) {
      evidence.putAll(seen.evidence());
    } else if (lasts || !who.equals("agent")) {
      List<String> left;
      try {
        left = fresh.left();
      } catch (RuntimeException e) {
        return new Unseen(
            "%s; nobody could look on %s afterwards: %s; %s"
                .formatted(how, node, e.getMessage(), GuardedEffect.text(look)));
      }
      if (!left.isEmpty()) {
        return new Left(
            "%s; left on %s: %s; %s"
                .formatted(how, node, String.join(", ", left), GuardedEffect.text(look)));
      }
      evidence.put("fresh agent", "found nothing of it on " + node);
    }
    return new Undone(undone, who, evidence);
  }

  @Override
  public String interrupted() {
    return " while waiting for the agent's undo";
  }
}
