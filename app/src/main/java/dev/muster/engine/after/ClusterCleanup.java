package dev.muster.engine.after;

import dev.muster.cluster.audit.NodeAudit;
import dev.muster.cluster.audit.Residue;
import dev.muster.cluster.connect.Connection;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.object.AgentNodes;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.run.DrillLease;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.port.Power;
import dev.muster.drill.port.Progress;
import dev.muster.drill.time.Time;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds, and removes, what any run of anybody left in a cluster, by the names that only faults
 * have; and switches on what runs that are known switched off.
 *
 * @param onNodes whether an agent looks on each node
 * @param switched nodes that runs switched off, with the power of each
 */
public record ClusterCleanup(
    Path kubeconfig,
    @Nullable String context,
    String image,
    boolean onNodes,
    Map<String, Power> switched,
    Progress progress,
    Time time) {

  /**
   * True if everything was looked at and nothing is left.
   *
   * @param dryRun only says what is there
   * @throws Refusal if a drill is going on
   */
  public boolean run(boolean dryRun) throws InterruptedException {
    String run = "cleanup-" + time.instant().getEpochSecond();
    try (KubernetesClient client = Connection.open(kubeconfig, context);
        KubernetesClient probe = Connection.probe(kubeconfig, context);
        DrillLease lease = new DrillLease(client, time, quiet());
        RunNamespace namespace = new RunNamespace(client, run, image, time)) {
      Optional<String> held = lease.acquire(run);
      if (held.isPresent()) {
        throw new Refusal(ExitCode.ENVIRONMENT, held.get());
      }
      Tally tally = new Tally(dryRun, progress);
      // first, for a node that is off cannot be looked at
      switched.forEach(
          (node, power) -> new SwitchedOff(probe, node, power, time).undo(dryRun, tally));
      new Residue(client, null, time).look().forEach(tally::found);
      if (onNodes) {
        onNodes(
            new NodeAudit(new AgentPods(client, probe, namespace), time), client, dryRun, tally);
      }
      boolean removed =
          dryRun
              ? new Residue(client, run, time).removeObjects() // of this look itself
              : new Residue(client, null, time).remove();
      if (!removed) {
        tally.left("objects of Muster's that could not be removed");
      }
      return tally.clean();
    }
  }

  private static void onNodes(NodeAudit audit, KubernetesClient client, boolean dryRun, Tally tally)
      throws InterruptedException {
    List<Node> nodes = Pages.all(client.nodes());
    Predicate<Node> able = node -> AgentNodes.never(node).isEmpty();
    NodeAudit.Found found = audit.look(nodes, able, "audit", "look");
    found.residue().forEach(tally::found);
    found.notLookedAt().forEach(tally::notLookedAt);
    found.passedOver().forEach(tally::passedOver);
    if (!dryRun && !found.residue().isEmpty()) {
      NodeAudit.Found after = audit.look(nodes, able, "clean", "clean");
      after.residue().forEach(tally::left);
      after.notLookedAt().stream()
          .filter(n -> !found.notLookedAt().contains(n))
          .forEach(tally::notLookedAt);
    }
  }

  private DrillLease.Holder quiet() {
    return new DrillLease.Holder() {
      @Override
      public void missed(String why) {
        progress.say("the lease could not be renewed: " + why);
      }

      @Override
      public void lost(String to) {
        progress.say("the lease was lost to " + to);
      }
    };
  }
}
