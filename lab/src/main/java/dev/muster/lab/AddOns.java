package dev.muster.lab;

import dev.muster.drill.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Cluster DNS, ingress and the rights of the policy enforcer, applied with the lab's own kubectl.
 *
 * @param balancer the load balancer's address, for those who ask it from inside
 * @param contourCrds null for a lab without ingress
 */
record AddOns(Kubectl kubectl, Path folder, String balancer, @Nullable Path contourCrds) {
  private static final Duration READY = Duration.ofMinutes(2);

  void apply() {
    apply("addons.yaml", Map.of("dns", Addresses.DNS, "policies", PolicyEnforcer.USER));
    if (contourCrds != null) {
      kubectl.run("create", "namespace", "projectcontour");
      // the CRDs are too large for the annotation that a client-side apply writes
      kubectl.run("create", "-f", contourCrds.toString());
      apply("ingress.yaml", Map.of("balancer", balancer));
    }
  }

  private void apply(String resource, Map<String, String> values) {
    Path manifest = Template.write(resource, values, folder.resolve(resource));
    kubectl.run("apply", "--server-side", "-f", manifest.toString());
  }

  void awaitReady(Progress progress, Pace pace) {
    rolledOut("kube-system", "deployment/coredns", progress, pace);
    if (contourCrds != null) {
      rolledOut("projectcontour", "deployment/contour", progress, pace);
      rolledOut("projectcontour", "daemonset/envoy", progress, pace);
    }
  }

  /** As long as one more replica becomes ready in the time, it is waited for the next. */
  private void rolledOut(String namespace, String name, Progress progress, Pace pace) {
    progress.say("waiting for " + name);
    Duration each = pace.limit(READY);
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
