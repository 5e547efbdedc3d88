package dev.muster.verdict;

import static dev.muster.verdict.Mutation.pick;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** What is done to the timeline of a history. */
final class TimelineMutations {
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

  private TimelineMutations() {}

  static History dropEvent(History h, Random random) {
    var droppable = indices(h.timeline(), e -> !witness(e));
    return droppable.isEmpty() ? h : events(h, without(h.timeline(), pick(droppable, random)));
  }

  static History dropKind(History h, Random random) {
    var kind = kind(pick(h.timeline(), random));
    return events(
        h, h.timeline().stream().filter(e -> witness(e) || !kind(e).equals(kind)).toList());
  }

  static History thinEvents(History h, Random random) {
    double kept = random.nextDouble();
    return events(
        h, h.timeline().stream().filter(e -> witness(e) || random.nextDouble() < kept).toList());
  }

  /** As a kill does it. */
  static History cutTimeline(History h, Random random) {
    int end = random.nextInt(h.timeline().size() + 1);
    var kept = new ArrayList<>(h.timeline().subList(0, end));
    h.timeline().stream().skip(end).filter(TimelineMutations::witness).forEach(kept::add);
    return events(h, kept);
  }

  static History doubleEvent(History h, Random random) {
    var events = new ArrayList<>(h.timeline());
    int i = random.nextInt(events.size());
    events.add(i, events.get(i));
    return events(h, events);
  }

  /** All that comes after a milestone of the same pod or node comes later as well. */
  static History delay(History h, Random random) {
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
            .sorted(Comparator.comparing(e -> e.stamp().at()))
            .toList());
  }

  static History addHarm(History h, Random random) {
    var events = new ArrayList<>(h.timeline());
    int i = random.nextInt(events.size() + 1);
    var at = events.isEmpty() ? Story.FAULT : events.get(Math.max(0, i - 1)).stamp().at();
    events.add(i, harm(Stamp.engine(at), h, random));
    return events(h, events);
  }

  static History lateLoad(History h, Random random) {
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

  static History moreRequestsThanRows(History h, Random random) {
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

  /** What is said of somebody is said of a stranger. */
  static History renameMilestone(History h, Random random) {
    return change(
        h,
        random,
        e -> e instanceof MilestoneReached && !witness(e),
        e -> renamed((MilestoneReached) e));
  }

  static History renameAny(History h, Random random) {
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

  static History shiftEvent(History h, Random random) {
    var by = Duration.ofMillis(random.nextInt(4_000_000) - 3_600_000);
    return change(h, random, _ -> true, e -> shifted(e, by));
  }

  static History swapEvents(History h, Random random) {
    var events = new ArrayList<>(h.timeline());
    Collections.swap(events, random.nextInt(events.size()), random.nextInt(events.size()));
    return events(h, events);
  }

  static History shuffleEvents(History h, Random random) {
    var events = new ArrayList<>(h.timeline());
    Collections.shuffle(events, random);
    return events(h, events);
  }

  static History oneMoment(History h, Random random) {
    var at = pick(h.timeline(), random).stamp();
    return events(
        h,
        h.timeline().stream()
            .map(e -> random.nextInt(4) == 0 ? Records.with(e, "stamp", at) : e)
            .toList());
  }

  static History fewerRequestsThanRows(History h, Random random) {
    return change(
        h,
        random,
        e -> e instanceof Event.LoadEnded,
        e -> Records.with(e, "scheduled", (Object) (long) random.nextInt(9)));
  }

  static History dropWitness(History h, Random random) {
    var i = indices(h.timeline(), _ -> true);
    return events(h, without(h.timeline(), pick(i, random)));
  }

  static History noEvents(History h) {
    return events(h, List.of());
  }

  /**
   * Whether an event alone tells of a harm, of a blindness, or that there is something to ask
   * about.
   */
  static boolean witness(Event event) {
    return switch (event) {
      case Event.FaultNotVerified _,
          Event.FaultUnfinished _,
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

  private static Event renamed(MilestoneReached m) {
    return new MilestoneReached(
        m.stamp(), m.milestone(), ObjectRef.parse("node/stranger"), Map.of());
  }

  private static Event shifted(Event event, Duration by) {
    return Records.with(
        event, "stamp", Records.with(event.stamp(), "at", event.stamp().at().plus(by)));
  }

  private static String kind(Event event) {
    return event instanceof MilestoneReached m
        ? m.milestone().name()
        : event.getClass().getSimpleName();
  }

  private static ObjectRef subject(MilestoneReached m) {
    return Objects.requireNonNullElse(Recovery.pod(m), m.object());
  }

  private static History change(
      History h, Random random, Predicate<Event> which, UnaryOperator<Event> how) {
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

  private static History events(History h, List<Event> events) {
    return new History(h.drill(), List.copyOf(events), h.ledger(), h.traces(), h.integrity());
  }
}
