package dev.muster.observe.effect;

import dev.muster.drill.port.Effect;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A fault that is seen by two, of whom neither sees all of it. It is there where both see it, and
 * over where both see the opposite; where they do not agree, nothing is told.
 */
public record BothEffects(Effect one, Effect other) implements Effect {

  @Override
  public Optional<String> before() throws InterruptedException {
    Optional<String> trouble = one.before();
    return trouble.isPresent() ? trouble : other.before();
  }

  /** Both are asked each time: one that counts its looks must not miss any. */
  @Override
  public Optional<Map<String, String>> seen() throws InterruptedException {
    Optional<Map<String, String>> first = one.seen();
    Optional<Map<String, String>> second = other.seen();
    return first.flatMap(a -> second.map(b -> together(a, b)));
  }

  @Override
  public Map<String, String> left() {
    return together(one.left(), other.left());
  }

  @Override
  public String unseen() {
    return one.unseen() + "; " + other.unseen();
  }

  @Override
  public boolean lasts() {
    return one.lasts() && other.lasts();
  }

  @Override
  public Look again() throws InterruptedException {
    Look first = one.again();
    Look second = other.again();
    if (first instanceof Lasts(var a) && second instanceof Lasts(var b)) {
      return new Lasts(together(a, b));
    }
    if (first instanceof Over(var a) && second instanceof Over(var b)) {
      return new Over(together(a, b));
    }
    if (first instanceof Spent || second instanceof Spent) {
      return first instanceof Spent ? first : second;
    }
    return new Untold(words(first) + "; " + words(second));
  }

  private static String words(Look look) {
    return switch (look) {
      case Lasts(var evidence) -> "it lasts, by " + evidence;
      case Over(var evidence) -> "it is over, by " + evidence;
      case Spent(var evidence) -> "there is nothing left to undo, by " + evidence;
      case Untold(var why) -> why;
    };
  }

  private static Map<String, String> together(Map<String, String> one, Map<String, String> other) {
    Map<String, String> all = new LinkedHashMap<>(one);
    all.putAll(other);
    return all;
  }

  @Override
  public Duration patience() {
    return longer(one.patience(), other.patience());
  }

  @Override
  public Duration ending() {
    return longer(one.ending(), other.ending());
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
