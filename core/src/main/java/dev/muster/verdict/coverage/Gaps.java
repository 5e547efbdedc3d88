package dev.muster.verdict.coverage;

import dev.muster.timeline.Event;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.recovery.CausalOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * When watches and probes saw nothing, or Muster itself stood still. What is seen at the end of a
 * gap may have happened at any time in it: the gap is its uncertainty.
 */
public final class Gaps {
  /** After a watch came back, what it missed is told within this. */
  static final Duration RELIST = Duration.ofSeconds(5);

  private static final String WATCH = "watch of ";
  private static final String API_SERVER = "api-server";
  private static final String LOAD_BALANCER = "load balancer";
  static final String MUSTER = "Muster itself";
  private static final Set<String> OF_PODS = Set.of(MUSTER, API_SERVER, WATCH + "Pod");
  private static final Set<String> OF_NODES = Set.of(MUSTER, API_SERVER, WATCH + "Node");

  /**
   * @param what saw nothing, as its events call it
   * @param to when it saw again; the last event of the run where it never did
   */
  record Gap(String what, Instant from, Instant to) {}

  private final List<Gap> all = new ArrayList<>();

  private Gaps() {}

  public static Gaps of(History history) {
    var gaps = new Gaps();
    Map<String, Instant> open = new LinkedHashMap<>();
    for (var event : history.timeline()) {
      var at = event.stamp().at();
      switch (event) {
        case Event.ObservationLost lost ->
            open.putIfAbsent(lost.what(), CausalOrder.earliest(lost.stamp()));
        case Event.ObservationResumed resumed -> gaps.close(open, resumed.what(), at);
        // whoever tells something sees again, though nobody said so
        case MilestoneReached told ->
            open.keySet().stream()
                .filter(what -> tells(what, told))
                .toList()
                .forEach(what -> gaps.close(open, what, at));
        case Event.EnginePaused paused ->
            gaps.all.add(new Gap(MUSTER, paused.from(), paused.from().plus(paused.length())));
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

  /** Whether what pods did in a part of this time may have gone unseen. */
  public boolean ofPods(Instant from, Instant to) {
    return between(from, to).stream().map(Gap::what).anyMatch(OF_PODS::contains);
  }

  /** Whether what became of nodes in a part of this time may have gone unseen. */
  public boolean ofNodes(Instant from, Instant to) {
    return between(from, to).stream().map(Gap::what).anyMatch(OF_NODES::contains);
  }

  /**
   * When the milestone may have been reached at the earliest: what is seen at the end of a gap may
   * have been there since its beginning.
   */
  public Instant earliest(MilestoneReached milestone) {
    var at = milestone.stamp().at();
    var told = at.minus(milestone.stamp().uncertainty());
    return all.stream()
        .filter(gap -> tells(gap.what(), milestone))
        .filter(gap -> gap.from().isBefore(at) && !at.isAfter(gap.to().plus(RELIST)))
        .map(Gap::from)
        .filter(from -> from.isBefore(told))
        .min(Comparator.naturalOrder())
        .orElse(told);
  }

  private static boolean tells(String what, MilestoneReached milestone) {
    if (what.equals(MUSTER)) {
      return true;
    }
    return switch (milestone.stamp().source()) {
      case "load-balancer" -> what.equals(LOAD_BALANCER);
      case "api-server" ->
          what.startsWith(WATCH) ? what.equals(watch(milestone)) : what.equals(API_SERVER);
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
