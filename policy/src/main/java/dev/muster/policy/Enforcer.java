package dev.muster.policy;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A process that keeps the rules of all nodes of a lab as the policies want them. It ends only when
 * it is killed; what it could not do it tries again.
 */
public final class Enforcer {
  private static final System.Logger LOG = System.getLogger(Enforcer.class.getName());

  /** How soon it is seen that a node has booted: long before its kubelet starts a pod. */
  private static final Duration LOOK = Duration.ofMillis(250);

  /** Rules that are in force in one boot of a node. */
  private record Applied(String boot, RuleSet rules) {}

  private final Map<String, NodeNetwork> nodes;
  private final Watches watches;
  private final Complaints complaints;
  private final Map<String, Applied> applied = new HashMap<>();
  private String lastProblem = "";

  private Enforcer(Map<String, NodeNetwork> nodes, Watches watches, Complaints complaints) {
    this.nodes = nodes;
    this.watches = watches;
    this.complaints = complaints;
  }

  /**
   * Arguments: a kubeconfig; a file that is made when the rules of all policies are in force for
   * the first time; for each node {@code NAME=FILE} with the file of its network namespace.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Map<String, NodeNetwork> nodes = new TreeMap<>();
    for (String node : List.of(args).subList(2, args.length)) {
      String[] parts = node.split("=", 2);
      nodes.put(parts[0], new NodeNetwork(Path.of(parts[1])));
    }
    Config config = Config.fromKubeconfig(Path.of(args[0]).toFile());
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build()) {
      Complaints complaints = new Complaints(client, Clock.systemUTC());
      new Enforcer(nodes, new Watches(client), complaints).goOn(Path.of(args[1]));
    }
  }

  private void goOn(Path ready) throws IOException, InterruptedException {
    boolean settled = false;
    Map<String, RuleSet> wanted = Map.of();
    while (true) {
      boolean changed = watches.changedWithin(LOOK);
      if (!watches.complete()) {
        continue;
      }
      if (changed || !settled) {
        List<Policy> policies = new ArrayList<>();
        settled = read(policies);
        wanted = rules(policies);
      }
      settled &= apply(wanted);
      if (settled) {
        lastProblem = "";
        if (!Files.exists(ready)) {
          Files.createFile(ready);
        }
      }
    }
  }

  private Map<String, RuleSet> rules(List<Policy> policies) {
    Map<String, Map<String, String>> namespaces = watches.namespaces();
    List<PodAt> pods = watches.pods();
    Map<String, RuleSet> rules = new TreeMap<>();
    for (String node : nodes.keySet()) {
      rules.put(node, NodeRules.of(policies, namespaces, pods, node));
    }
    return rules;
  }

  /** False if something could not be told. */
  private boolean read(List<Policy> policies) {
    boolean all = true;
    for (NetworkPolicy policy : watches.policies()) {
      try {
        policies.add(PolicyReader.read(policy));
      } catch (NotHonouredException e) {
        try {
          complaints.tell(policy, String.valueOf(e.getMessage()));
        } catch (RuntimeException notTold) { // the client's own, and those of its transport
          problem("telling about " + policy.getMetadata().getName(), notTold);
          all = false;
        }
      }
    }
    return all;
  }

  /** False if a node that is on has not the wanted rules. */
  private boolean apply(Map<String, RuleSet> wanted) throws InterruptedException {
    boolean all = true;
    for (Map.Entry<String, RuleSet> node : wanted.entrySet()) {
      NodeNetwork network = nodes.get(node.getKey());
      Optional<String> boot = network == null ? Optional.empty() : network.identity();
      if (network == null || boot.isEmpty()) {
        continue; // off
      }
      Applied now = new Applied(boot.get(), node.getValue());
      if (now.equals(applied.get(node.getKey()))) {
        continue;
      }
      try {
        if (network.apply(node.getValue())) {
          applied.put(node.getKey(), now);
          LOG.log(Level.INFO, "{0}: {1} chains", node.getKey(), node.getValue().chains().size());
        } else {
          all = false;
        }
      } catch (IOException e) { // also: booting, its namespace half made
        problem("rules of " + node.getKey(), e);
        all = false;
      }
    }
    return all;
  }

  /** What is tried again four times a second is worth a line only when it is another problem. */
  private void problem(String what, Exception e) {
    String said = what + ": " + e.getMessage();
    if (!said.equals(lastProblem)) {
      LOG.log(Level.WARNING, said);
      lastProblem = said;
    }
  }
}
