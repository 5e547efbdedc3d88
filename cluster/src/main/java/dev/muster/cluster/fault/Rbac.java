package dev.muster.cluster.fault;

import dev.muster.cluster.fault.Rights.Right;
import dev.muster.drill.Drill;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The roles that a drill needs and no more, as YAML to apply. They do not carry Muster's label:
 * they are the user's and outlive every run.
 */
public final class Rbac {
  private Rbac() {}

  /** A ClusterRole and a Role for each namespace, with the commands that bind them above. */
  public static String yaml(Drill drill) {
    String name = "muster-" + drill.metadata().name();
    StringBuilder text =
        new StringBuilder(
            """
            # What the drill %s needs and no more, but for what helm needs to deploy. Bind it to the user who runs it:
            #   kubectl create clusterrolebinding %s --clusterrole=%s --user=USER
            """
                .formatted(drill.metadata().name(), name, name));
    List<HasMetadata> roles = roles(drill, name);
    roles.stream()
        .map(r -> r.getMetadata().getNamespace())
        .filter(Objects::nonNull)
        .forEach(n ->
            text.append(
                "#   kubectl create rolebinding %s --namespace=%s --role=%s --user=USER\n"
                    .formatted(name, n, name)));
    if (drill.faults().stream().anyMatch(f -> f.kind().byAgent())) {
      text.append(
          """
          # Pods and namespaces are for the fault agents: each run makes a namespace of its own, whose
          # name nobody knows beforehand, so these rights can not be confined to it.
          """);
    }
    if (drill.load() != null && drill.load().inCluster() != null) {
      text.append(
          """
          # Secrets, jobs and pods/proxy are for the load's pods, which live in that namespace too.
          """);
    }
    for (HasMetadata role : roles) {
      String yaml = Serialization.asYaml(role);
      text.append(yaml.startsWith("---") ? "" : "---\n").append(yaml.stripTrailing()).append('\n');
    }
    return text.toString();
  }

  static List<HasMetadata> roles(Drill drill, String name) {
    Map<String, List<Right>> byNamespace = new LinkedHashMap<>();
    for (Right right : Rights.granted(drill)) {
      byNamespace
          .computeIfAbsent(
              Objects.requireNonNullElse(right.namespace(), ""), _ -> new ArrayList<>())
          .add(right);
    }
    List<HasMetadata> roles = new ArrayList<>();
    byNamespace.forEach((namespace, rights) ->
        roles.add(
            namespace.isEmpty()
                ? new ClusterRoleBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .endMetadata()
                    .withRules(rules(rights))
                    .build()
                : new RoleBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .withNamespace(namespace)
                    .endMetadata()
                    .withRules(rules(rights))
                    .build()));
    return roles;
  }

  /** One rule for each kind of object, with all its verbs. */
  private static List<PolicyRule> rules(List<Right> rights) {
    Map<Right, List<String>> verbs = new LinkedHashMap<>();
    for (Right r : rights) {
      verbs
          .computeIfAbsent(
              new Right("", r.group(), r.resource(), r.namespace(), r.name()),
              _ -> new ArrayList<>())
          .add(r.verb());
    }
    List<PolicyRule> rules = new ArrayList<>();
    verbs.forEach((of, all) -> {
      var rule =
          new PolicyRuleBuilder()
              .withApiGroups(of.group())
              .withResources(of.resource())
              .withVerbs(all);
      rules.add(of.name() == null ? rule.build() : rule.withResourceNames(of.name()).build());
    });
    return rules;
  }
}
