package dev.muster.fault;

import dev.muster.drill.Effect;
import java.util.Map;
import java.util.Optional;

/**
 * An effect as far as it can be looked at. Whoever looks may itself be hit by the fault: then
 * nothing was seen, and that is said, instead of a failure that would hide what became of the
 * fault.
 */
record Sight(Effect effect) {

  Optional<String> before() throws InterruptedException {
    try {
      return effect.before();
    } catch (RuntimeException e) {
      return Optional.of("how things are before it could not be seen: " + e.getMessage());
    }
  }

  Optional<Map<String, String>> seen() throws InterruptedException {
    try {
      return effect.seen();
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  String unseen() {
    try {
      return effect.unseen();
    } catch (RuntimeException e) {
      return "the effect could not be looked for: " + e.getMessage();
    }
  }
}
