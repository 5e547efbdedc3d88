package dev.muster.engine.world;

import dev.muster.drill.port.Effect;
import java.util.Map;
import java.util.Optional;

/** How what is done to a {@link World} is seen in it. */
final class WorldEffects {
  private final World world;

  WorldEffects(World world) {
    this.world = world;
  }

  /** The node's lease is not renewed, and its kubelet does not answer. */
  Effect silent(String node) {
    return seen(
        () -> !world.running(node) && world.now() > world.node(node).since + 12 * World.SECOND,
        () -> world.reachable(node));
  }

  Effect rebooted(String node) {
    long since = world.node(node).since;
    return done(() -> world.node(node).since > since && world.running(node));
  }

  interface Truth {
    boolean is();
  }

  /** What is done in a moment. */
  Effect done(Truth truth) {
    return effect(false, truth, truth);
  }

  Effect seen(Truth truth, Truth over) {
    return effect(true, truth, over);
  }

  /** Told by the API server: where that does not answer nothing is seen. */
  private Effect effect(boolean lasts, Truth truth, Truth over) {
    Map<String, String> evidence = Map.of("world", "has it");
    return new Effect() {
      @Override
      public Optional<String> before() {
        world.call();
        return truth.is() && lasts ? Optional.of("it is so already") : Optional.empty();
      }

      @Override
      public Optional<Map<String, String>> seen() {
        world.call();
        return truth.is() ? Optional.of(evidence) : Optional.empty();
      }

      @Override
      public String unseen() {
        return "the world did not have it";
      }

      @Override
      public boolean lasts() {
        return lasts;
      }

      @Override
      public Look again() {
        world.call();
        if (lasts && truth.is()) {
          return new Lasts(evidence);
        }
        return over.is() ? new Over(Map.of("world", "has it no more")) : new Untold("neither");
      }
    };
  }
}
