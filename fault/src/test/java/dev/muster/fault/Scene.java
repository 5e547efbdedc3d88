package dev.muster.fault;

import dev.muster.drill.Effect;
import dev.muster.timeline.Event;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A world for one fault: its clock goes on only while somebody pauses, its timeline can be full,
 * and its onlooker sees what the test says.
 */
final class Scene {
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  final List<Event> events = new ArrayList<>();
  Instant now = BEGIN;
  Function<Event, Boolean> writable = _ -> true;
  boolean interrupting;

  /** An objection to injecting; empty for none. */
  String objection = "";

  boolean visible = true;
  boolean blind;

  final InstantSource clock = () -> now;
  final Pause pause =
      time -> {
        if (interrupting) {
          throw new InterruptedException();
        }
        now = now.plus(time);
      };
  final Consumer<Event> timeline =
      event -> {
        if (!writable.apply(event)) {
          throw new IllegalStateException("disk full");
        }
        events.add(event);
      };
  final Effect effect =
      new Effect() {
        @Override
        public Optional<String> before() {
          look();
          return objection.isEmpty() ? Optional.empty() : Optional.of(objection);
        }

        @Override
        public Optional<Map<String, String>> seen() {
          look();
          return visible ? Optional.of(Map.of("onlooker", "saw it")) : Optional.empty();
        }

        @Override
        public String unseen() {
          look();
          return "nothing was seen";
        }

        private void look() {
          if (blind) {
            throw new IllegalStateException("no API server");
          }
        }
      };

  Duration elapsed() {
    return Duration.between(BEGIN, now);
  }

  /** Their names, without what the agent said and milestones. */
  List<String> names() {
    return events.stream()
        .filter(e -> !(e instanceof Event.AgentSaid) && !(e instanceof Event.MilestoneReached))
        .map(e -> e.getClass().getSimpleName())
        .toList();
  }

  /** Why the fault was not verified, each time that this was said. */
  List<String> doubts() {
    return only(Event.FaultNotVerified.class).stream().map(Event.FaultNotVerified::why).toList();
  }

  List<String> notReverted() {
    return only(Event.FaultNotReverted.class).stream().map(Event.FaultNotReverted::why).toList();
  }

  <E extends Event> List<E> only(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
