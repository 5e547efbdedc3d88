package dev.muster.engine;

import dev.muster.cluster.AgentNodes;
import dev.muster.cluster.AgentPods;
import dev.muster.cluster.Connection;
import dev.muster.cluster.DrillLease;
import dev.muster.cluster.NodeAudit;
import dev.muster.cluster.Residue;
import dev.muster.cluster.RunNamespace;
import dev.muster.drill.Progress;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds, and removes, what any run of anybody left in a cluster, by the names that only faults
 * have.
 */
public record ClusterCleanup(
    Path kubeconfig,
    @Nullable String context,
    String image,
    Progress progress,
    InstantSource clock) {

  /**
   * True if everything was looked at and is clean.
   *
   * @param dryRun only says what is there
   * @throws Refusal if a drill is going on
   */
  public boolean run(boolean dryRun) throws InterruptedException {
    String run = "cleanup-" + clock.instant().getEpochSecond();
    try (KubernetesClient client = Connection.open(kubeconfig, context);
        KubernetesClient probe = Connection.probe(kubeconfig, context);
        DrillLease lease = new DrillLease(client, clock, Thread::sleep, quiet());
        RunNamespace namespace = new RunNamespace(client, run, image, clock, Thread::sleep)) {
      Optional<String> held = lease.acquire(run);
      if (held.isPresent()) {
        throw new Refusal(ExitCode.ENVIRONMENT, held.get());
      }
      List<String> found = new ArrayList<>(new Residue(client, null).look());
      AgentPods pods = new AgentPods(client, probe, namespace);
      NodeAudit.Found nodes =
          new NodeAudit(pods)
              .look(
                  client.nodes().list().getItems(),
                  node -> AgentNodes.never(node).isEmpty(),
                  dryRun ? "audit" : "clean",
                  "cleanup");
      found.addAll(nodes.residue());
      found.forEach(f -> progress.say((dryRun ? "would remove " : "found ") + f));
      nodes.notLookedAt().forEach(n -> progress.say("could not be looked at: " + n));
      nodes.passedOver().forEach(n -> progress.say("not looked at, no fault is carried there: " + n));
      boolean removed = new Residue(client, dryRun ? run : null).remove();
      boolean clean =
          nodes.notLookedAt().isEmpty() && removed && (dryRun ? found : nodes.residue()).isEmpty();
      if (found.isEmpty() && clean) {
        progress.say("nothing to clean up");
      }
      return clean;
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
