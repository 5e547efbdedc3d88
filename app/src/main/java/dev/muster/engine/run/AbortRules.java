package dev.muster.engine.run;

import dev.muster.drill.AbortRule;
import dev.muster.drill.abort.ErrorRatio;
import dev.muster.drill.time.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The drill's {@code abortWhen}: conditions under which going on would do more harm than good.
 * Those that hold all the time are looked at once a second, by a thread of their own; the others by
 * whoever runs the drill, at its beginning and its end.
 */
public final class AbortRules implements AutoCloseable {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final List<AbortRule> rules;
  private final AbortProbes probes;
  private final Time time;
  private final Abort abort;
  private final Map<AbortRule, Time.Deadline> holding = new HashMap<>();
  private final Time.Signal closed;
  private volatile boolean undone;

  public AbortRules(List<AbortRule> rules, AbortProbes probes, Time time, Abort abort) {
    this.rules = rules;
    this.probes = probes;
    this.time = time;
    this.closed = time.signal();
    this.abort = abort;
  }

  /** Before the first fault; an abort is asked for where one of its rules holds. */
  void atStart() throws InterruptedException {
    for (AbortRule rule : rules) {
      if (rule.mode().atStart()) {
        once(rule, "before the first fault");
      }
    }
  }

  /** After the recovery; a run whose rule holds then is judged as one that was ended early. */
  void atEnd() throws InterruptedException {
    for (AbortRule rule : rules) {
      if (rule.mode().atEnd()) {
        once(rule, "at the end");
      }
    }
  }

  private void once(AbortRule rule, String when) throws InterruptedException {
    String reason = probes.look(rule);
    if (reason != null) {
      abort.request("abortWhen: " + reason + " " + when);
    }
  }

  /** The first fault comes now. */
  void start() {
    if (!rules.isEmpty()) {
      time.start("abort-rules", this::watch);
    }
  }

  /** All faults are undone: rules for the time of faults hold no more. */
  void undone() {
    undone = true;
  }

  private void watch() {
    try {
      while (!closed.await(LOOK)) {
        String reason = broken();
        if (reason != null) {
          abort.request(reason);
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The first rule that has held for all of its time, in words; null if none has. */
  @Nullable String broken() throws InterruptedException {
    for (AbortRule rule : rules) {
      if (rule.mode().once() || (undone && rule.mode() == AbortRule.When.ON_CHAOS)) {
        continue;
      }
      String reason = probes.look(rule);
      if (reason == null) {
        holding.remove(rule);
        continue;
      }
      Time.Deadline enough = holding.computeIfAbsent(rule, _ -> time.in(rule.lasting()));
      // an error ratio is itself taken over all of its time
      boolean whole = rule.probe() instanceof ErrorRatio;
      if (whole || enough.over()) {
        return "abortWhen: " + reason + " for " + rule.lasting().toSeconds() + "s";
      }
    }
    return null;
  }

  @Override
  public void close() {
    closed.raise();
  }
}
