package dev.muster.cluster.object;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What decides what a planned disruption of a workload costs: how its pods end, and how many of
 * them may be away at once. By name; what nobody has said is left out.
 */
final class DisruptionSettings {
  private static final String MOST = "maxUnavailable";
  private static final String NONE = "none";

  /** Whole seconds, in a command of its own or in one of a shell. */
  private static final Pattern SLEEP = Pattern.compile("\\bsleep +([0-9]{1,9})s?(?![0-9.a-z])");

  private DisruptionSettings() {}

  static Map<String, String> of(Deployment deployment, List<PodDisruptionBudget> budgets) {
    Map<String, String> settings = of(deployment, deployment.getSpec().getTemplate(), budgets);
    var strategy = deployment.getSpec().getStrategy();
    if (strategy != null && "Recreate".equals(strategy.getType())) {
      settings.put(MOST, strategy.getType());
    } else if (strategy != null && strategy.getRollingUpdate() != null) {
      put(settings, MOST, Budgets.text(strategy.getRollingUpdate().getMaxUnavailable()));
    }
    return settings;
  }

  /** One pod after another, where nobody has said how many; none by itself with OnDelete. */
  static Map<String, String> of(StatefulSet set, List<PodDisruptionBudget> budgets) {
    Map<String, String> settings = of(set, set.getSpec().getTemplate(), budgets);
    var strategy = set.getSpec().getUpdateStrategy();
    if (strategy != null && "RollingUpdate".equals(strategy.getType())) {
      String most =
          strategy.getRollingUpdate() == null
              ? ""
              : Budgets.text(strategy.getRollingUpdate().getMaxUnavailable());
      settings.put(MOST, most.isEmpty() ? "1" : most);
    }
    return settings;
  }

  private static Map<String, String> of(
      HasMetadata workload, @Nullable PodTemplateSpec template, List<PodDisruptionBudget> budgets) {
    Map<String, String> settings = new TreeMap<>();
    if (template == null || template.getSpec() == null) {
      return settings;
    }
    Long grace = template.getSpec().getTerminationGracePeriodSeconds();
    put(settings, "terminationGracePeriodSeconds", grace == null ? "" : grace.toString());
    settings.put("lifecycle.preStop", preStop(Amounts.orNone(template.getSpec().getContainers())));
    settings.put("podDisruptionBudget", budget(workload, template, budgets));
    return settings;
  }

  private static void put(Map<String, String> settings, String name, String value) {
    if (!value.isEmpty()) {
      settings.put(name, value);
    }
  }

  /** {@code NAME minAvailable 2}, or that there is none; of several the first. */
  private static String budget(
      HasMetadata workload, PodTemplateSpec template, List<PodDisruptionBudget> budgets) {
    Map<String, String> labels =
        template.getMetadata() == null || template.getMetadata().getLabels() == null
            ? Map.of()
            : template.getMetadata().getLabels();
    String namespace = String.valueOf(workload.getMetadata().getNamespace());
    return Budgets.of(namespace, labels, budgets).stream()
        .findFirst()
        .map(DisruptionSettings::words)
        .orElse(NONE);
  }

  private static String words(PodDisruptionBudget budget) {
    String least = Budgets.text(budget.getSpec().getMinAvailable());
    return budget.getMetadata().getName()
        + (least.isEmpty()
            ? " " + MOST + " " + Budgets.text(budget.getSpec().getMaxUnavailable())
            : " minAvailable " + least);
  }

  /** The seconds that it sleeps, of several containers the longest. */
  private static String preStop(List<Container> containers) {
    List<LifecycleHandler> hooks = new ArrayList<>();
    for (Container container : containers) {
      if (container.getLifecycle() != null && container.getLifecycle().getPreStop() != null) {
        hooks.add(container.getLifecycle().getPreStop());
      }
    }
    if (hooks.isEmpty()) {
      return NONE;
    }
    List<Long> seconds = hooks.stream().flatMap(hook -> seconds(hook).stream()).toList();
    return seconds.size() < hooks.size()
        ? "of unknown length"
        : String.valueOf(seconds.stream().mapToLong(s -> s).max().orElse(0));
  }

  private static Optional<Long> seconds(LifecycleHandler hook) {
    if (hook.getSleep() != null) {
      return Optional.ofNullable(hook.getSleep().getSeconds());
    }
    if (hook.getExec() == null) {
      return Optional.empty();
    }
    var sleep = SLEEP.matcher(String.join(" ", Amounts.orNone(hook.getExec().getCommand())));
    return sleep.find() ? Optional.of(Long.valueOf(sleep.group(1))) : Optional.empty();
  }
}
