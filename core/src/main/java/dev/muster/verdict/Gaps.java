package dev.muster.verdict;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * When watches and probes saw nothing. What is seen at the end of a gap may have happened at any
 * time in it: the gap is its uncertainty.
 */
final class Gaps {
  /** After a watch came back, what it missed is told within this. */
  private static final Duration RELIST = Duration.ofSeconds(5);

  private static final String WATCH = "watch of ";
  private static final String LOAD_BALANCER = "load balancer";

  /**
   * @param what saw nothing, as its events call it
   * @param to when it saw again; the last event of the run where it never did
   */
  record Gap(String what, Instant from, Instant to) {}

  private final List<Gap> all = new ArrayList<>();

  private Gaps() {}

  static Gaps of(History history) {
    var gaps = new Gaps();
    Map<String, Instant> open = new LinkedHashMap<>();
    for (var event : history.timeline()) {
      var at = event.stamp().at();
      switch (event) {
        case Event.ObservationLost lost -> open.putIfAbsent(lost.what(), at);
        case Event.ObservationResumed resumed -> gaps.close(open, resumed.what(), at);
        // whoever tells something sees again, though nobody said so
        case MilestoneReached told ->
            open.keySet().stream()
                .filter(what -> tells(what, told))
                .toList()
                .forEach(what -> gaps.close(open, what, at));
        default -> {
          // says nothing of watches
        }
      }
    }
    List.copyOf(open.keySet())
        .forEach(what -> gaps.close(open, what, history.timeline().getLast().stamp().at()));
    return gaps;
  }

  private void close(Map<String, Instant> open, String what, Instant to) {
    var from = open.remove(what);
    if (from != null) {
      all.add(new Gap(what, from, to));
    }
  }

  /** Those that have a part in this time, by their beginning. */
  List<Gap> between(Instant from, Instant to) {
    return all.stream()
        .filter(gap -> !gap.from().isAfter(to) && !gap.to().isBefore(from))
        .sorted(Comparator.comparing(Gap::from))
        .toList();
  }

  /** The gap in which the milestone may have been reached already. */
  Optional<Gap> hiding(MilestoneReached milestone) {
    var at = milestone.stamp().at();
    return all.stream()
        .filter(gap -> tells(gap.what(), milestone))
        .filter(gap -> gap.from().isBefore(at) && !at.isAfter(gap.to().plus(RELIST)))
        .min(Comparator.comparing(Gap::from));
  }

  /**
   * Whether what was seen too late may have been in time all the same.
   *
   * @return the first gap that may hide it; empty where one of them was too late in any case
   */
  Optional<Gap> perhapsBy(Instant latest, List<MilestoneReached> milestones) {
    var hiding =
        milestones.stream()
            .filter(m -> m.stamp().at().isAfter(latest))
            .map(m -> hiding(m).filter(gap -> !gap.from().isAfter(latest)))
            .toList();
    return hiding.stream().allMatch(Optional::isPresent)
        ? hiding.stream().flatMap(Optional::stream).findFirst()
        : Optional.empty();
  }

  /** What was seen, and how much earlier it may have been. */
  static Sentence unsure(Sentence seen, Recovery recovery, Gap gap) {
    return Sentence.of(
        "%s; but the view of %s was lost from %.1f s to %.1f s after the fault, and it may have been"
            + " then",
        seen, gap.what(), recovery.since(gap.from()), recovery.since(gap.to()));
  }

  private static boolean tells(String what, MilestoneReached milestone) {
    return switch (milestone.stamp().source()) {
      case "load-balancer" -> what.equals(LOAD_BALANCER);
      case "api-server" -> what.startsWith(WATCH) ? what.equals(watch(milestone)) : !what.equals(LOAD_BALANCER);
      default -> false;
    };
  }

  private static String watch(MilestoneReached milestone) {
    return WATCH
        + switch (milestone.object()) {
          case ObjectRef.Node _ -> "Node";
          case ObjectRef.Pod _ -> "Pod";
          case ObjectRef.EndpointSlice _ -> "EndpointSlice";
          case ObjectRef object -> object.path();
        };
  }
}
