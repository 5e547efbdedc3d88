package dev.muster.fault;

import dev.muster.drill.port.Effect;
import dev.muster.drill.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * An effect as far as it can be looked at. Whoever looks may itself be hit by the fault: then
 * nothing was seen, and that is said, instead of a failure that would hide what became of the
 * fault. Safe for several threads.
 */
final class GuardedEffect {
  private static final Duration STEP = Duration.ofSeconds(1);

  private final Effect effect;

  private volatile String trouble = "";

  GuardedEffect(Effect effect) {
    this.effect = effect;
  }

  Effect effect() {
    return effect;
  }

  Optional<String> before() throws InterruptedException {
    try {
      return effect.before();
    } catch (RuntimeException e) {
      return Optional.of("how things are before it could not be seen: " + e.getMessage());
    }
  }

  Optional<Map<String, String>> seen() throws InterruptedException {
    try {
      var seen = effect.seen();
      trouble = "";
      return seen;
    } catch (RuntimeException e) {
      trouble = String.valueOf(e.getMessage());
      return Optional.empty();
    }
  }

  /** Why the last look for it told nothing; empty where it could look. */
  String trouble() {
    return trouble;
  }

  /** What was begun and is not done; empty where nobody could look, too. */
  Map<String, String> left() {
    try {
      return trouble.isEmpty() ? effect.left() : Map.of();
    } catch (RuntimeException e) {
      trouble = String.valueOf(e.getMessage());
      return Map.of();
    }
  }

  /** What to say where it was never seen: that it is not there, or that nobody could look. */
  String unseen() {
    if (!trouble.isEmpty()) {
      return "the effect could not be looked for: " + trouble;
    }
    try {
      return effect.unseen();
    } catch (RuntimeException e) {
      return "the effect could not be looked for: " + e.getMessage();
    }
  }

  Effect.Look again() throws InterruptedException {
    try {
      return effect.again();
    } catch (RuntimeException e) {
      return new Effect.Untold("the effect could not be looked at: " + e.getMessage());
    }
  }

  /**
   * After the undo: until the effect is over or the time is; what the last look told. Looks at
   * least once. Where what it was done to is no more, it is over as well.
   */
  Effect.Look end(Duration atMost, Time time) throws InterruptedException {
    Time.Deadline deadline = time.in(atMost);
    Effect.Look look = ending();
    while (!(look instanceof Effect.Over) && !deadline.over()) {
      time.sleep(STEP);
      look = ending();
    }
    return look;
  }

  private Effect.Look ending() throws InterruptedException {
    Effect.Look look = again();
    return look instanceof Effect.Spent spent ? new Effect.Over(spent.evidence()) : look;
  }

  /** In words, for a reason why something is not believed. */
  static String text(Effect.Look look) {
    return switch (look) {
      case Effect.Lasts lasts -> "the effect is still seen " + lasts.evidence();
      case Effect.Over over -> "seen to be over " + over.evidence();
      case Effect.Spent spent -> "what it was done to is no more " + spent.evidence();
      case Effect.Untold untold -> untold.why();
    };
  }
}
