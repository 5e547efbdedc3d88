package dev.muster.lab;

import dev.muster.drill.port.Progress;
import dev.muster.lab.host.Command;
import dev.muster.lab.host.LabException;
import dev.muster.lab.node.Addresses;
import dev.muster.lab.node.Template;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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

  /**
   * All by one kubectl; as the server's apply, since CRDs are too large for the annotation of the
   * other.
   */
  void apply() {
    List<String> apply = new ArrayList<>(List.of("apply", "--server-side"));
    apply.addAll(
        file("addons.yaml", Map.of("dns", Addresses.DNS, "policies", PolicyEnforcer.USER)));
    if (contourCrds != null) {
      apply.addAll(List.of("-f", contourCrds.toString()));
      apply.addAll(file("ingress.yaml", Map.of("balancer", balancer)));
    }
    kubectl.run(apply.toArray(String[]::new));
  }

  private List<String> file(String resource, Map<String, String> values) {
    return List.of("-f", Template.write(resource, values, folder.resolve(resource)).toString());
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
