package dev.muster.lab;

import dev.muster.drill.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Cluster DNS, ingress and the rights of the policy enforcer, applied with the lab's own kubectl.
 *
 * @param balancer the load balancer's address, for those who ask it from inside
 */
record AddOns(Kubectl kubectl, Path folder, Path contourCrds, String balancer) {
  private static final Duration READY = Duration.ofMinutes(2);

  void apply() {
    Path manifest =
        Template.write(
            "addons.yaml",
            Map.of("dns", Addresses.DNS, "policies", PolicyEnforcer.USER, "balancer", balancer),
            folder.resolve("addons.yaml"));
    kubectl.run("create", "namespace", "projectcontour");
    // the CRDs are too large for the annotation that a client-side apply writes
    kubectl.run("create", "-f", contourCrds.toString());
    kubectl.run("apply", "--server-side", "-f", manifest.toString());
  }

  void awaitReady(Progress progress, Pace pace) {
    for (List<String> what :
        List.of(
            List.of("kube-system", "deployment/coredns"),
            List.of("projectcontour", "deployment/contour"),
            List.of("projectcontour", "daemonset/envoy"))) {
      progress.say("waiting for " + what.getLast());
      rolledOut(what.getFirst(), what.getLast(), pace.limit(READY));
    }
  }

  /** As long as one more replica becomes ready in the time, it is waited for the next. */
  private void rolledOut(String namespace, String name, Duration each) {
    Set<String> told = new HashSet<>();
    while (true) {
      Command.Result status =
          kubectl.tried(
              "-n", namespace, "rollout", "status", name, "--timeout=" + each.toSeconds() + "s");
      if (status.exit() == 0) {
        return;
      }
      if (!told.addAll(status.output().lines().filter(l -> l.startsWith("Waiting")).toList())) {
        throw new LabException(
            "%s of namespace %s is not ready, and nothing changed for %d s:\n%s"
                .formatted(name, namespace, each.toSeconds(), status.output().strip()));
      }
    }
  }
}
