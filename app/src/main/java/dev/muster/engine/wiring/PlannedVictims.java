package dev.muster.engine.wiring;

import dev.muster.cluster.fault.Evictable;
import dev.muster.cluster.object.AgentNodes;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.object.Workloads;
import dev.muster.cluster.preflight.DrainPreflight;
import dev.muster.cluster.preflight.Headroom;
import dev.muster.cluster.preflight.PreflightTable;
import dev.muster.cluster.preflight.WorkloadPreflight;
import dev.muster.cluster.preflight.ZonalVolumes;
import dev.muster.cluster.preflight.ZonePartition;
import dev.muster.cluster.preflight.ZoneRows;
import dev.muster.cluster.select.Selection;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Step;
import dev.muster.drill.kind.FaultKind;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.NodeDrain;
import dev.muster.engine.run.Ports;
import dev.muster.engine.site.Endpoint;
import dev.muster.engine.site.Site;
import dev.muster.observe.watch.ReadyCounts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whom the drill's faults would take now, and what is against that, as far as looking alone tells;
 * nothing is put into the cluster.
 */
record PlannedVictims(Drill drill, Site site, KubernetesClient client, Snapshot snapshot) {

  Ports.Preflight plan() {
    Selection selection = new Selection(drill, snapshot);
    selection.target();
    List<HasMetadata> workloads = workloads();
    List<String> victims = new ArrayList<>();
    List<String> refusals = new ArrayList<>(ReadyCounts.notReady(client, drill.target()));
    List<String> notes = new ArrayList<>();
    for (Step step : drill.steps()) {
      Set<String> lost = new LinkedHashSet<>();
      Map<String, Evictable> drained = new LinkedHashMap<>();
      for (Fault fault : Step.faults(step).toList()) {
        victims.addAll(
            fault.kind().ofWorkloads()
                ? victims(selection, fault, workloads)
                : victims(selection, fault, lost, drained));
      }
      refusals.addAll(DrainPreflight.trouble(snapshot, drained));
      drained.keySet().removeAll(lost); // what is lost asks nobody
      lost.addAll(drained.keySet());
      if (!lost.isEmpty()) {
        Headroom room = Headroom.of(snapshot, lost, drained);
        refusals.addAll(room.missing());
        PreflightTable table = PreflightTable.of(snapshot, lost, drained, room, Set.of());
        if (Step.faults(step).anyMatch(Fault::ofZone)) {
          String namespace = drill.target().namespace();
          table =
              table
                  .and(ZonalVolumes.rows(client, snapshot, namespace, lost))
                  .and(ZoneRows.of(snapshot, namespace));
        }
        table.text().lines().forEach(notes::add);
      }
    }
    refusals.addAll(WorkloadPreflight.trouble(client, drill, selection, workloads));
    refusals.addAll(ZonePartition.trouble(snapshot, nodes(ZonePartition::cuts)));
    unfit(refusals, notes);
    return new Ports.Preflight(victims, refusals, notes);
  }

  /** All that there are, where a fault takes some; else none. */
  private List<HasMetadata> workloads() {
    return drill.faults().stream().anyMatch(fault -> fault.kind().ofWorkloads())
        ? Workloads.all(client)
        : List.of();
  }

  private List<String> victims(Selection selection, Fault fault, List<HasMetadata> workloads) {
    return selection.workloads(fault, Selection.chance(drill, fault), workloads).stream()
        .map(w -> fault.kind().word() + " " + Workloads.ref(w).path())
        .toList();
  }

  /** What a node is does not matter where nothing is done to it; then it is only told. */
  private void unfit(List<String> refusals, List<String> notes) {
    Set<String> disturbed = nodes(_ -> true);
    Set<String> carrying = nodes(FaultKind::byAgent);
    for (Node node : snapshot.nodes()) {
      String name = name(node);
      if (!Pods.ready(node)) {
        (disturbed.contains(name) ? refusals : notes).add("node " + name + " is not Ready already");
      }
      if (carrying.contains(name)) {
        AgentNodes.never(node)
            .ifPresent(why ->
                refusals.add("node " + name + " " + why + ": no agent can carry a fault there"));
      }
    }
  }

  /** Those that the faults of these kinds would take now, or whose pods they would. */
  Set<String> nodes(Predicate<FaultKind> kinds) {
    Selection selection = new Selection(drill, snapshot);
    Set<String> nodes = new LinkedHashSet<>();
    for (Fault fault : drill.faults()) {
      if (kinds.test(fault.kind())) {
        var chance = Selection.chance(drill, fault);
        if (fault.kind().ofPods()) {
          selection.pods(fault, chance).forEach(p -> Pods.node(p).ifPresent(nodes::add));
        } else if (fault.kind().ofNodes()) {
          nodes.addAll(selection.nodes(fault, chance));
        }
      }
    }
    return nodes;
  }

  static String name(Node node) {
    return node.getMetadata().getName();
  }

  /**
   * @param lost gets the nodes that are gone, so that somebody has to make their pods anew
   * @param drained gets those whose pods are evicted, with who leaves them
   */
  private List<String> victims(
      Selection selection, Fault fault, Set<String> lost, Map<String, Evictable> drained) {
    FaultKind kind = fault.kind();
    if (kind.ofPods()) {
      selection.peers(fault);
      return selection.pods(fault, Selection.chance(drill, fault)).stream()
          .map(p -> kind.word() + " " + Pods.object(p))
          .toList();
    }
    List<String> nodes = selection.nodes(fault, Selection.chance(drill, fault));
    if (kind.is(Trait.TAKES_NODE)) {
      lost.addAll(nodes);
      if (drill.load() != null) {
        nodes.forEach(n -> LoadPathGuard.refuseThrough(snapshot, n, Endpoint.url(drill, site)));
      }
    }
    if (kind instanceof NodeDrain drain) {
      nodes.forEach(n -> drained.put(n, new Evictable(drain.pods(), drill.protect().namespaces())));
    }
    return nodes.stream().map(n -> kind.word() + " " + n).toList();
  }
}
