package dev.muster.engine.world;

import dev.muster.drill.port.ApiDeed;
import java.time.Duration;
import java.util.Map;

/** What is made in a {@link World} through its API server. */
final class WorldDeeds {
  private final World world;

  WorldDeeds(World world) {
    this.world = world;
  }

  ApiDeed kill() {
    return new ApiDeed() {
      @Override
      public Map<String, String> identity() {
        return Map.of("pod", "w");
      }

      @Override
      public void apply() {
        world.call();
      }

      @Override
      public void undo() {
        world.alive();
      }

      @Override
      public boolean undone() {
        return true;
      }
    };
  }

  ApiDeed policy(String id, Duration ttl) {
    return new ApiDeed() {
      @Override
      public Map<String, String> identity() {
        return Map.of("policy", id);
      }

      @Override
      public void apply() {
        world.call();
        synchronized (world) {
          world.policies.put(id, world.now() + ttl.toNanos());
        }
      }

      @Override
      public void undo() {
        world.call();
        synchronized (world) {
          world.policies.remove(id);
        }
      }

      @Override
      public boolean undone() {
        world.call();
        return !world.policies.containsKey(id);
      }
    };
  }
}
