package dev.muster.verdict;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What is done to a history by chance. {@link Effect#WORSE} takes evidence away or adds harm, and
 * must never make a verdict better. {@link Effect#ANY} may do anything, and must only be judged.
 *
 * <p>Not generated as WORSE: dropping an event that is itself the only witness of a harm ({@link
 * #witness}), as no verdict can know what nobody says. In the files of a run the chain of the
 * timeline shows that a line is gone.
 */
enum Mutation {
  DROP_EVENT(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var droppable = indices(h.timeline(), e -> !witness(e));
      return droppable.isEmpty() ? h : events(h, without(h.timeline(), pick(droppable, random)));
    }
  },
  DROP_KIND(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var kind = kind(pick(h.timeline(), random));
      return events(
          h, h.timeline().stream().filter(e -> witness(e) || !kind(e).equals(kind)).toList());
    }
  },
  THIN_EVENTS(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      double kept = random.nextDouble();
      return events(
          h, h.timeline().stream().filter(e -> witness(e) || random.nextDouble() < kept).toList());
    }
  },
  /** As a kill does it. */
  CUT_TIMELINE(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      int end = random.nextInt(h.timeline().size() + 1);
      var kept = new ArrayList<>(h.timeline().subList(0, end));
      h.timeline().stream().skip(end).filter(Mutation::witness).forEach(kept::add);
      return events(h, kept);
    }
  },
  DOUBLE_EVENT(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var events = new ArrayList<>(h.timeline());
      int i = random.nextInt(events.size());
      events.add(i, events.get(i));
      return events(h, events);
    }
  },
  DROP_ROWS(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      double kept = random.nextBoolean() ? random.nextDouble() : 0.99;
      return rows(h, h.ledger().stream().filter(_ -> random.nextDouble() < kept).toList());
    }
  },
  DROP_WINDOW_OF_ROWS(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var window = window(h, random);
      return rows(h, h.ledger().stream().filter(window.negate()).toList());
    }
  },
  CUT_LEDGER(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      return rows(h, h.ledger().subList(0, random.nextInt(h.ledger().size() + 1)));
    }
  },
  DOUBLE_ROW(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      if (h.ledger().isEmpty()) {
        return h;
      }
      var rows = new ArrayList<>(h.ledger());
      int i = random.nextInt(rows.size());
      rows.add(i, rows.get(i));
      return rows(h, rows);
    }
  },
  ROWS_WITHOUT_END(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var window = window(h, random);
      return eachRow(h, r -> window.test(r) ? Records.with(r, "ended", null) : r);
    }
  },
  UNCHECKED_ROWS(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var window = window(h, random);
      return eachRow(
          h,
          r ->
              window.test(r) && r.outcome() == Outcome.COMPLETE
                  ? Records.with(r, "checked", random.nextBoolean() ? null : false)
                  : r);
    }
  },
  OTHER_CONTENT(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var window = window(h, random);
      return eachRow(
          h,
          r ->
              window.test(r) && r.answerDigest() != null
                  ? Records.with(r, "answerDigest", "x" + random.nextLong())
                  : r);
    }
  },
  UNKNOWN_CONTENT(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var window = window(h, random);
      var field = random.nextBoolean() ? "answerDigest" : "prompt";
      return eachRow(h, r -> window.test(r) ? Records.with(r, field, null) : r);
    }
  },
  FAIL_ROW(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      if (h.ledger().isEmpty()) {
        return h;
      }
      var id = pick(h.ledger(), random).id();
      return eachRow(h, r -> r.id().equals(id) ? failed(r, random) : r);
    }
  },
  FAIL_WINDOW(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var window = window(h, random);
      return eachRow(h, r -> window.test(r) ? failed(r, random) : r);
    }
  },
  FAIL_MANY(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      double share = random.nextDouble();
      return eachRow(h, r -> random.nextDouble() < share ? failed(r, random) : r);
    }
  },
  DROP_TRACES(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      double kept = random.nextBoolean() ? random.nextDouble() : 0;
      return new History(
          h.drill(),
          h.timeline(),
          h.ledger(),
          h.traces().stream().filter(_ -> random.nextDouble() < kept).toList(),
          h.integrity());
    }
  },
  /** All that comes after a milestone of the same pod or node comes later as well. */
  DELAY(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var moved =
          h.timeline().stream()
              .filter(e -> e instanceof MilestoneReached m && LATE_IS_WORSE.contains(m.milestone()))
              .map(MilestoneReached.class::cast)
              .toList();
      if (moved.isEmpty()) {
        return h;
      }
      var from = pick(moved, random);
      var by = Duration.ofMillis(1 + random.nextInt(120_000));
      return events(
          h,
          h.timeline().stream()
              .map(e ->
                  e instanceof MilestoneReached m
                          && subject(m).is(subject(from))
                          && !m.stamp().at().isBefore(from.stamp().at())
                      ? shifted(e, by)
                      : e)
              .sorted(java.util.Comparator.comparing(e -> e.stamp().at()))
              .toList());
    }
  },
  ADD_HARM(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      var events = new ArrayList<>(h.timeline());
      int i = random.nextInt(events.size() + 1);
      var at = events.isEmpty() ? Story.FAULT : events.get(Math.max(0, i - 1)).stamp().at();
      events.add(i, harm(Stamp.engine(at), h, random));
      return events(h, events);
    }
  },
  LATE_LOAD(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      double lag = random.nextInt(10) == 0 ? Double.NaN : 251 + random.nextInt(5000);
      return events(
          h,
          h.timeline().stream()
              .map(e ->
                  e instanceof Event.LoadEnded
                      ? Records.with(e, "sendLagP99Millis", (Object) lag)
                      : e)
              .toList());
    }
  },
  MORE_REQUESTS_THAN_ROWS(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      long by = 1L + random.nextInt(9);
      return events(
          h,
          h.timeline().stream()
              .map(e ->
                  e instanceof Event.LoadEnded l
                      ? Records.with(e, "scheduled", (Object) (l.scheduled() + by))
                      : e)
              .toList());
    }
  },
  /** What is said of somebody is said of a stranger. */
  RENAME_MILESTONE(Effect.WORSE) {
    @Override
    History of(History h, Random random) {
      return change(
          h,
          random,
          e -> e instanceof MilestoneReached && !witness(e),
          e -> renamed((MilestoneReached) e));
    }
  },
  RENAME_ANY(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      return change(
          h,
          random,
          _ -> true,
          e ->
              Records.with(
                  Records.with(Records.with(e, "fault", "stranger"), "what", "stranger"),
                  "alert",
                  "stranger"));
    }
  },
  SHIFT_EVENT(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      var by = Duration.ofMillis(random.nextInt(4_000_000) - 3_600_000);
      return change(h, random, _ -> true, e -> shifted(e, by));
    }
  },
  SHIFT_ROWS(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      var window = window(h, random);
      var by = Duration.ofMillis(random.nextInt(120_000) - 60_000);
      return eachRow(h, r -> window.test(r) ? shifted(r, by) : r);
    }
  },
  SWAP_EVENTS(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      var events = new ArrayList<>(h.timeline());
      Collections.swap(events, random.nextInt(events.size()), random.nextInt(events.size()));
      return events(h, events);
    }
  },
  SHUFFLE_EVENTS(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      var events = new ArrayList<>(h.timeline());
      Collections.shuffle(events, random);
      return events(h, events);
    }
  },
  SHUFFLE_ROWS(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      var rows = new ArrayList<>(h.ledger());
      Collections.shuffle(rows, random);
      return rows(h, rows);
    }
  },
  ONE_MOMENT(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      var at = pick(h.timeline(), random).stamp();
      return events(
          h,
          h.timeline().stream()
              .map(e -> random.nextInt(4) == 0 ? Records.with(e, "stamp", at) : e)
              .toList());
    }
  },
  FEWER_REQUESTS_THAN_ROWS(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      return change(
          h,
          random,
          e -> e instanceof Event.LoadEnded,
          e -> Records.with(e, "scheduled", (Object) (long) random.nextInt(9)));
    }
  },
  DROP_WITNESS(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      var i = indices(h.timeline(), _ -> true);
      return events(h, without(h.timeline(), pick(i, random)));
    }
  },
  NO_ROWS(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      return rows(h, List.of());
    }
  },
  NO_EVENTS(Effect.ANY) {
    @Override
    History of(History h, Random random) {
      return events(h, List.of());
    }
  };

  /** What a verdict may make of it. */
  enum Effect {
    WORSE,
    ANY
  }

  /** What ends a phase of recovery: the later, the worse. */
  private static final Set<Milestone> LATE_IS_WORSE =
      EnumSet.of(
          Milestone.NODE_NOT_READY,
          Milestone.POD_EVICTED,
          Milestone.REPLACEMENT_CREATED,
          Milestone.REPLACEMENT_SCHEDULED,
          Milestone.REPLACEMENT_STARTED,
          Milestone.REPLACEMENT_READY,
          Milestone.ENDPOINT_ADDED,
          Milestone.FIRST_GOOD_TOKEN,
          Milestone.CONTAINER_RESTARTED,
          Milestone.POD_READY_AGAIN,
          Milestone.NODE_READY);

  private static final List<Outcome> FAILURES =
      List.of(
          Outcome.CORRUPT,
          Outcome.TRUNCATED,
          Outcome.IN_BAND_ERROR,
          Outcome.REJECTED,
          Outcome.HTTP_ERROR,
          Outcome.CONNECTION_FAILED,
          Outcome.TIMED_OUT,
          Outcome.MALFORMED);

  final Effect effect;

  Mutation(Effect effect) {
    this.effect = effect;
  }

  /** The history changed; the same where there is nothing to change. */
  abstract History of(History history, Random random);

  /**
   * Whether an event alone tells of a harm, of a blindness, or that there is something to ask
   * about.
   */
  static boolean witness(Event event) {
    return switch (event) {
      case Event.FaultNotVerified _,
          Event.FaultNotReverted _,
          Event.FaultRevertUnseen _,
          Event.PreflightForced _,
          Event.ObservationLost _,
          Event.NotObserved _,
          Event.RunAborted _,
          Event.AlertSilenced _,
          Event.AlertRecorded _,
          Event.EtcdChanged _,
          Event.EtcdHashed _,
          Event.CachesChanged _,
          Event.LogsCounted _,
          Event.SqlAnswered _,
          Event.ResidueAudited _,
          Event.SettingObserved _ ->
          true;
      case MilestoneReached m -> // a node that was lost must come back
          m.milestone() == Milestone.MODEL_LOADED || m.milestone() == Milestone.NODE_NOT_READY;
      default -> false;
    };
  }

  private static Event harm(Stamp stamp, History h, Random random) {
    var fault =
        h.timeline().stream()
            .filter(e -> e instanceof Event.FaultInjected)
            .map(e -> ((Event.FaultInjected) e).fault())
            .findFirst()
            .orElse("f1");
    return switch (random.nextInt(8)) {
      case 0 -> new Event.ObservationLost(stamp, "watch of Pod", "closed");
      case 1 -> new Event.FaultNotVerified(stamp, fault, "no effect");
      case 2 -> new Event.FaultNotReverted(stamp, fault, "still off");
      case 3 -> new Event.RunAborted(stamp, "Ctrl-C");
      case 4 -> new Event.NotObserved(stamp, "prometheus", "closed");
      case 5 -> new Event.ResidueAudited(stamp, List.of("pod/x"), List.of());
      case 6 -> new Event.PreflightForced(stamp, List.of("too small"));
      default -> new Event.AlertSilenced(stamp, "NodeNotReady", Map.of(), "somebody");
    };
  }

  private static Request failed(Request row, Random random) {
    return row.outcome() == Outcome.COMPLETE
        ? Records.with(
            Records.with(row, "outcome", pick(FAILURES, random)), "detail", "by the test")
        : row;
  }

  private static Event renamed(MilestoneReached m) {
    return new MilestoneReached(
        m.stamp(), m.milestone(), ObjectRef.parse("node/stranger"), Map.of());
  }

  private static Event shifted(Event event, Duration by) {
    return Records.with(
        event, "stamp", Records.with(event.stamp(), "at", event.stamp().at().plus(by)));
  }

  private static Request shifted(Request row, Duration by) {
    var shifted = Records.with(row, "intended", row.intended().plus(by));
    return row.ended() == null ? shifted : Records.with(shifted, "ended", row.ended().plus(by));
  }

  static String kind(Event event) {
    return event instanceof MilestoneReached m
        ? m.milestone().name()
        : event.getClass().getSimpleName();
  }

  private static ObjectRef subject(MilestoneReached m) {
    return Objects.requireNonNullElse(Recovery.pod(m), m.object());
  }

  /** From a moment on, for some time. */
  private static Predicate<Request> window(History h, Random random) {
    if (h.ledger().isEmpty()) {
      return _ -> false;
    }
    Instant from = pick(h.ledger(), random).intended();
    Instant to = from.plusMillis(random.nextInt(60_000));
    return r -> !r.intended().isBefore(from) && !r.intended().isAfter(to);
  }

  private static History change(
      History h,
      Random random,
      Predicate<Event> which,
      java.util.function.UnaryOperator<Event> how) {
    var some = indices(h.timeline(), which);
    if (some.isEmpty()) {
      return h;
    }
    var events = new ArrayList<>(h.timeline());
    int i = pick(some, random);
    events.set(i, how.apply(events.get(i)));
    return events(h, events);
  }

  private static List<Integer> indices(List<Event> events, Predicate<Event> which) {
    var found = new ArrayList<Integer>();
    for (int i = 0; i < events.size(); i++) {
      if (which.test(events.get(i))) {
        found.add(i);
      }
    }
    return found;
  }

  private static List<Event> without(List<Event> events, int index) {
    var fewer = new ArrayList<>(events);
    fewer.remove(index);
    return fewer;
  }

  static <T> T pick(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }

  private static History events(History h, List<Event> events) {
    return new History(h.drill(), List.copyOf(events), h.ledger(), h.traces(), h.integrity());
  }

  private static History rows(History h, List<Request> rows) {
    return new History(h.drill(), h.timeline(), List.copyOf(rows), h.traces(), h.integrity());
  }

  private static History eachRow(History h, java.util.function.UnaryOperator<Request> how) {
    return rows(h, h.ledger().stream().map(how).toList());
  }
}
