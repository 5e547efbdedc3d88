package dev.muster.fault;

import dev.muster.drill.port.Effect;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at an effect again and again while its fault is held, and tells what became of it: that it
 * was seen, every few seconds and at the end, or that it was lost, once.
 */
final class EffectMonitor {
  private static final Duration APART = Duration.ofSeconds(2);
  private static final Duration TOLD = Duration.ofSeconds(5);

  /** A long fault is told of more seldom, so that the number of events is bounded. */
  private static final int PARTS = 20;

  private final FaultEventRecorder recorder;
  private final GuardedEffect guarded;
  private Instant injected = Instant.MAX;
  private Instant lookedAt = Instant.MIN;
  private Instant toldAt = Instant.MIN;
  private @Nullable Map<String, String> untold;
  private Instant seenAt = Instant.MIN;
  private @Nullable Instant overSince;
  private boolean begun;
  private boolean lost;
  private boolean ended = true;

  EffectMonitor(FaultEventRecorder recorder, Effect effect) {
    this.recorder = recorder;
    this.guarded = new GuardedEffect(effect);
  }

  GuardedEffect guarded() {
    return guarded;
  }

  /** The effect was seen now; until {@link #end} it is looked at. */
  synchronized void begin(Instant injection) {
    injected = injection;
    seenAt = recorder.clock().instant();
    toldAt = seenAt;
    lookedAt = seenAt;
    begun = guarded.effect().lasts();
    ended = !begun;
  }

  /** Whether it is time for another look. */
  synchronized boolean due() {
    return !ended && !recorder.clock().instant().isBefore(lookedAt.plus(APART));
  }

  /**
   * One look.
   *
   * @param doubted whether somebody else has reason to think that it is over: then one look that
   *     says so is enough
   */
  synchronized void look(boolean doubted) throws InterruptedException {
    if (ended) {
      return;
    }
    Instant now = recorder.clock().instant();
    lookedAt = now;
    switch (guarded.again()) {
      case Effect.Lasts lasts -> seen(lasts.evidence(), now);
      case Effect.Spent spent -> seen(spent.evidence(), now);
      case Effect.Over over -> {
        Instant first = overSince == null ? now : overSince;
        overSince = first;
        if (doubted || !now.isBefore(first.plus(guarded.effect().patience()))) {
          lost("observer", GuardedEffect.text(over), Duration.between(injected, seenAt));
        }
      }
      case Effect.Untold _ -> {
        // proves nothing
      }
    }
  }

  private void seen(Map<String, String> evidence, Instant now) {
    overSince = null;
    seenAt = now;
    untold = evidence;
    Duration since = Duration.between(injected, now).dividedBy(PARTS);
    if (!now.isBefore(toldAt.plus(since.compareTo(TOLD) > 0 ? since : TOLD))) {
      tell();
    }
  }

  /** The effect was over before its time; told once, though it may be heard after the undo. */
  synchronized void lost(String source, String why, Duration lasted) {
    if (!begun || lost) {
      return;
    }
    end();
    lost = true;
    Instant now = recorder.clock().instant();
    Instant last = injected.plus(lasted);
    Duration since = last.isBefore(now) ? Duration.between(last, now) : Duration.ZERO;
    recorder.tell(
        new Event.EffectLost(new Stamp(now, source, null, since), recorder.fault(), why, lasted));
  }

  /** No more looks: the undo begins, or the fault has ended by itself. */
  synchronized void end() {
    if (!ended && untold != null) {
      tell();
    }
    ended = true;
  }

  private void tell() {
    Map<String, String> last = untold;
    if (last != null) {
      recorder.tell(
          new Event.EffectSeen(
              Stamp.seen(seenAt, "observer", Duration.ZERO), recorder.fault(), last));
      toldAt = seenAt;
      untold = null;
    }
  }
}
