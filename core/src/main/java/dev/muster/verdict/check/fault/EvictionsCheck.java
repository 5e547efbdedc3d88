package dev.muster.verdict.check.fault;

import dev.muster.timeline.Change;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Event.OutsideChange;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.coverage.Gaps;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.ZoneDisruption;
import dev.muster.verdict.recovery.ZoneDisruption.Nodes;
import dev.muster.verdict.recovery.ZoneDisruption.State;
import dev.muster.verdict.recovery.Zones;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Why evictions were as fast as they were: whether the node controller took a zone for partly or
 * fully disrupted when most of its nodes were not Ready, and what it did then. It is concluded from
 * the nodes' conditions, those too that others than the drill changed, and always passes: what
 * clients felt of it others judge. Where nodes were not watched all the time nothing is concluded.
 * Neither regions nor the label {@code node.kubernetes.io/exclude-disruption} are looked at.
 */
public final class EvictionsCheck implements Check {

  @Override
  public String name() {
    return "evictions";
  }

  @Override
  public List<Finding> judge(History history) {
    var zones = new Zones(history);
    var recovery = Recovery.of(history);
    if (zones.nodes().isEmpty()
        || recovery.isEmpty()
        || Gaps.of(history).ofNodes(recovery.get().fault(), recovery.get().end())) {
      return List.of();
    }
    var moments = moments(recovery.get(), zones);
    if (moments.isEmpty()) {
      return List.of();
    }
    var told =
        moments.stream().anyMatch(Moment::everywhere)
            ? List.of(
                Sentence.of(
                    "all zones were fully disrupted: no node was tainted NoExecute, and taints that"
                        + " were there were taken off"))
            : worst(moments).entrySet().stream().map(e -> said(e.getKey(), e.getValue())).toList();
    return List.of(
        new Finding(
            name(),
            Status.PASS,
            null,
            null,
            "",
            Sentence.of(
                "%s; concluded from the nodes' conditions and the defaults of"
                    + " kube-controller-manager",
                Sentence.list("; ", told)),
            List.of()));
  }

  private static Sentence said(String zone, Moment moment) {
    var nodes = moment.nodes(zone);
    var decided = moment.decided(zone);
    String name = zone.isEmpty() ? "\"\"" : zone;
    return switch (decided.state()) {
      case NORMAL ->
          Sentence.of(
              "zone %s counted as normal with %d of %d nodes not Ready (fewer than 3, or than 55"
                  + " %%): evictions from one node more every 10 s",
              name, nodes.notReady(), nodes.all());
      case FULL ->
          Sentence.of(
              "zone %s was fully disrupted and another was not (%d of %d nodes not Ready):"
                  + " evictions from one node more every 10 s",
              name, nodes.notReady(), nodes.all());
      case PARTIAL ->
          decided.nodesPerSecond() > 0
              ? Sentence.of(
                  "zone %s was partly disrupted (%d of %d nodes not Ready): evictions were slowed"
                      + " to one node more every 100 s (secondary-node-eviction-rate)",
                  name, nodes.notReady(), nodes.all())
              : Sentence.of(
                  "zone %s was partly disrupted (%d of %d nodes not Ready) and has no more than 50"
                      + " nodes (large-cluster-size-threshold): evictions from further nodes of it"
                      + " were stopped",
                  name, nodes.notReady(), nodes.all());
    };
  }

  /**
   * @param zones of the nodes that the cluster had then
   */
  private record Moment(Map<String, Nodes> zones) {
    boolean everywhere() {
      return ZoneDisruption.of(zones).values().stream().allMatch(d -> d.state() == State.FULL);
    }

    Nodes nodes(String zone) {
      return zones.getOrDefault(zone, new Nodes(0, 0));
    }

    ZoneDisruption decided(String zone) {
      return ZoneDisruption.of(zones)
          .getOrDefault(zone, new ZoneDisruption(State.NORMAL, ZoneDisruption.RATE));
    }
  }

  /** For each zone the one in which most of its nodes were not Ready, of equals the first. */
  private static Map<String, Moment> worst(List<Moment> moments) {
    Map<String, Moment> worst = new TreeMap<>();
    for (Moment moment : moments) {
      moment
          .zones()
          .forEach((zone, nodes) -> {
            var before = worst.get(zone);
            int most = before == null ? 0 : before.nodes(zone).notReady();
            if (nodes.notReady() > most) {
              worst.put(zone, moment);
            }
          });
    }
    return worst;
  }

  /** From the fault on, one for each change; without those in which all nodes were Ready. */
  private static List<Moment> moments(Recovery recovery, Zones zones) {
    Map<String, Boolean> ready = new TreeMap<>();
    zones.nodes().forEach(node -> ready.put(node.name(), zones.ready(node)));
    var course = course(recovery);
    course.stream()
        .filter(e -> e.stamp().at().isBefore(recovery.fault()))
        .forEach(e -> change(ready, e));
    List<Moment> moments = new ArrayList<>(List.of(moment(ready, zones)));
    for (Event event : course) {
      if (!event.stamp().at().isBefore(recovery.fault())) {
        change(ready, event);
        moments.add(moment(ready, zones));
      }
    }
    return moments.stream()
        .filter(m -> m.zones().values().stream().anyMatch(n -> n.notReady() > 0))
        .toList();
  }

  private static Moment moment(Map<String, Boolean> ready, Zones zones) {
    Map<String, Nodes> counted = new TreeMap<>();
    ready.forEach((name, is) ->
        counted.merge(
            zones.of(ObjectRef.Node.parse(name)).orElse(""),
            new Nodes(is ? 1 : 0, is ? 0 : 1),
            (a, b) -> new Nodes(a.ready() + b.ready(), a.notReady() + b.notReady())));
    return new Moment(counted);
  }

  /** One whose zone nobody told is not counted. */
  private static void change(Map<String, Boolean> ready, Event event) {
    switch (event) {
      case MilestoneReached m ->
          ready.computeIfPresent(
              m.object().name(), (_, _) -> m.milestone() == Milestone.NODE_READY);
      case OutsideChange c when c.change() == Change.GONE -> ready.remove(c.object().name());
      case OutsideChange c when c.change() != Change.REBOOTED ->
          ready.computeIfPresent(c.object().name(), (_, _) -> c.change() == Change.READY);
      default -> {
        // says nothing of Ready
      }
    }
  }

  /** By time. What others than the drill did counts from the beginning of the run. */
  private static List<Event> course(Recovery recovery) {
    List<Event> all = new ArrayList<>(recovery.reached(Milestone.NODE_NOT_READY));
    all.addAll(recovery.reached(Milestone.NODE_READY));
    Recovery.events(recovery.history(), OutsideChange.class)
        .filter(e -> e.object() instanceof ObjectRef.Node)
        .forEach(all::add);
    all.sort(Comparator.comparing(e -> e.stamp().at()));
    return all;
  }
}
