package dev.muster.fault;

import dev.muster.drill.port.Effect;
import dev.muster.drill.time.Time;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
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
  static final ObjectRef.Node NODE = new ObjectRef.Node("n1", null);

  final List<Event> events = new ArrayList<>();
  Instant now = BEGIN;
  Function<Event, Boolean> writable = _ -> true;
  boolean interrupting;

  /** An objection to injecting; empty for none. */
  String objection = "";

  boolean visible = true;
  boolean blind;

  /** A stranger takes the fault away then. */
  Instant taken = Instant.MAX;

  /** The effect is there although the undo began. */
  boolean stays;

  boolean lasts = true;

  /** What of it is begun and not done. */
  Map<String, String> remaining = Map.of();

  /** How long a look takes at how things are. */
  Duration before = Duration.ZERO;

  Duration patience = Duration.ZERO;

  /** What somebody who took no part finds on the node; a trouble if he cannot look. */
  List<String> left = List.of();

  String freshTrouble = "";
  private boolean undoing;

  final ResidueScan fresh =
      () -> {
        if (!freshTrouble.isEmpty()) {
          throw new IllegalStateException(freshTrouble);
        }
        return left;
      };

  final InstantSource clock = () -> now;
  final Sleeper pause =
      time -> {
        if (interrupting) {
          throw new InterruptedException();
        }
        now = now.plus(time);
      };
  final Time time = new HandTime(clock, pause);
  final Consumer<Event> timeline =
      event -> {
        undoing |= event instanceof Event.FaultReverting;
        if (!writable.apply(event)) {
          throw new IllegalStateException("disk full");
        }
        events.add(event);
      };
  final FaultEventRecorder recorder =
      new FaultEventRecorder("f", "NodeNetwork", NODE, time, timeline);
  final Effect effect =
      new Effect() {
        @Override
        public Optional<String> before() {
          look();
          now = now.plus(Scene.this.before);
          return objection.isEmpty() ? Optional.empty() : Optional.of(objection);
        }

        @Override
        public Optional<Map<String, String>> seen() {
          look();
          return visible ? Optional.of(Map.of("onlooker", "saw it")) : Optional.empty();
        }

        @Override
        public Map<String, String> left() {
          look();
          return remaining;
        }

        @Override
        public String unseen() {
          look();
          return "nothing was seen";
        }

        @Override
        public Look again() {
          look();
          if (!now.isBefore(taken) || (undoing && !stays)) {
            return new Over(Map.of("onlooker", "sees it gone"));
          }
          return visible ? new Lasts(Map.of("onlooker", "saw it")) : new Untold("saw nothing");
        }

        @Override
        public boolean lasts() {
          return lasts;
        }

        @Override
        public Duration patience() {
          return patience;
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

  /** Held for so long, and looked at each second, as the engine does. */
  void hold(FaultInjection fault, Duration time) throws InterruptedException {
    Instant until = now.plus(time);
    while (now.isBefore(until)) {
      now = now.plusSeconds(1);
      fault.look();
    }
  }

  List<Event.EffectLost> losses() {
    return only(Event.EffectLost.class);
  }

  /** Their names, without what the agent said, milestones and what is told again and again. */
  List<String> names() {
    return events.stream()
        .filter(e -> !(e instanceof Event.AgentSaid) && !(e instanceof Event.MilestoneReached))
        .filter(e -> !(e instanceof Event.EffectSeen))
        .map(e -> e.getClass().getSimpleName())
        .toList();
  }

  /** Why the fault was not verified, each time that this was said. */
  List<String> doubts() {
    return only(Event.FaultNotVerified.class).stream().map(Event.FaultNotVerified::why).toList();
  }

  List<String> revertUnseen() {
    return only(Event.FaultRevertUnseen.class).stream().map(Event.FaultRevertUnseen::why).toList();
  }

  List<String> notReverted() {
    return only(Event.FaultNotReverted.class).stream().map(Event.FaultNotReverted::why).toList();
  }

  <E extends Event> List<E> only(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
