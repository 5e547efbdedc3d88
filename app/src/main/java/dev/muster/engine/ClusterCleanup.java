package dev.muster.engine;

import dev.muster.cluster.AgentPods;
import dev.muster.cluster.Connection;
import dev.muster.cluster.DrillLease;
import dev.muster.cluster.NodeAudit;
import dev.muster.cluster.Residue;
import dev.muster.cluster.RunNamespace;
import dev.muster.drill.Progress;
import dev.muster.drill.Time;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
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
    Time time) {

  /**
   * True if everything was looked at and is clean.
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
      List<String> found = new ArrayList<>(new Residue(client, null, time).look());
      AgentPods pods = new AgentPods(client, probe, namespace);
      NodeAudit.Found nodes =
          new NodeAudit(pods, time)
              .look(client.nodes().list().getItems(), dryRun ? "audit" : "clean", "cleanup");
      found.addAll(nodes.residue());
      found.forEach(f -> progress.say((dryRun ? "would remove " : "found ") + f));
      nodes.notLookedAt().forEach(n -> progress.say("could not be looked at: " + n));
      boolean removed = new Residue(client, dryRun ? run : null, time).remove();
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
