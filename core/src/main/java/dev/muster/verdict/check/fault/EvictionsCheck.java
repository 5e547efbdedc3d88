package dev.muster.verdict.check.fault;

import static java.util.Objects.requireNonNull;

import dev.muster.timeline.Event.MilestoneReached;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import dev.muster.verdict.recovery.ZoneDisruption;
import dev.muster.verdict.recovery.ZoneDisruption.Nodes;
import dev.muster.verdict.recovery.Zones;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Why evictions were as fast as they were: whether the node controller took a zone for partly or
 * fully disrupted when most nodes were not Ready, and what it did then. It is concluded from the
 * nodes' conditions and always passes: what clients felt of it others judge. Nodes that no fault
 * took count as they were before.
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
    if (zones.nodes().isEmpty() || recovery.isEmpty()) {
      return List.of();
    }
    var worst = worst(recovery.get(), zones);
    var disrupted = worst.entrySet().stream().filter(e -> e.getValue().notReady() > 0).toList();
    if (disrupted.isEmpty()) {
      return List.of();
    }
    var decided = ZoneDisruption.of(worst);
    boolean everywhere = worst.values().stream().allMatch(n -> n.ready() == 0);
    var told =
        everywhere
            ? List.of(
                Sentence.of(
                    "all zones were fully disrupted: no node was tainted NoExecute, and taints that"
                        + " were there were taken off"))
            : disrupted.stream()
                .map(e -> said(e.getKey(), e.getValue(), requireNonNull(decided.get(e.getKey()))))
                .toList();
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

  private static Sentence said(String zone, Nodes nodes, ZoneDisruption decided) {
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

  /** As it was when most nodes were not Ready, of equals the first. */
  private static Map<String, Nodes> worst(Recovery recovery, Zones zones) {
    var away = new TreeSet<String>();
    zones.nodes().stream().filter(n -> !zones.ready(n)).map(ObjectRef::name).forEach(away::add);
    var most = List.copyOf(away);
    for (MilestoneReached m : course(recovery)) {
      if (m.milestone() == Milestone.NODE_NOT_READY) {
        away.add(m.object().name());
      } else {
        away.remove(m.object().name());
      }
      most = away.size() > most.size() ? List.copyOf(away) : most;
    }
    Map<String, Nodes> counted = new TreeMap<>();
    for (ObjectRef.Node node : zones.nodes()) {
      boolean ready = !most.contains(node.name());
      counted.merge(
          zones.of(node).orElse(""),
          new Nodes(ready ? 1 : 0, ready ? 0 : 1),
          (a, b) -> new Nodes(a.ready() + b.ready(), a.notReady() + b.notReady()));
    }
    return counted;
  }

  private static List<MilestoneReached> course(Recovery recovery) {
    var all = new ArrayList<>(recovery.reached(Milestone.NODE_NOT_READY));
    all.addAll(recovery.reached(Milestone.NODE_READY));
    all.sort(Comparator.comparing(m -> m.stamp().at()));
    return all;
  }
}
