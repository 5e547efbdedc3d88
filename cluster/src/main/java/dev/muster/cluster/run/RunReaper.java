package dev.muster.cluster.run;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pod in a run's namespace that deletes the namespace when its Muster has given no sign of life
 * for {@link #SILENCE}: the agents in it undo their faults before they go. It may read and delete
 * this one namespace and nothing else. A node that is lost gives it up at once, and it starts on
 * another.
 */
record RunReaper(List<HasMetadata> objects) {
  /** Longer than the drill's lease lives, so that a run that still holds it is not reaped. */
  static final Duration SILENCE = DrillLease.LENGTH.plusSeconds(5);

  private static final int CONFLICT = 409;

  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: reaper}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: Role
      metadata: {name: reaper}
      rules:
        - {apiGroups: [""], resources: [namespaces], resourceNames: [NAMESPACE], verbs: [get, delete]}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: RoleBinding
      metadata: {name: reaper}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reaper}
      subjects: [{kind: ServiceAccount, name: reaper, namespace: NAMESPACE}]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: reaper}
      spec:
        selector: {matchLabels: {muster.dev/agent: reaper}}
        template:
          metadata: {labels: {muster.dev/agent: reaper}}
          spec:
            serviceAccountName: reaper
            enableServiceLinks: false
            terminationGracePeriodSeconds: 0
            tolerations:
              - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 0}
              - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 0}
            containers:
              - name: agent
                imagePullPolicy: IfNotPresent
                securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
      """;

  /** Once more does no harm. */
  void start(KubernetesClient client) {
    for (HasMetadata object : objects) {
      try {
        client.resource(object).create();
      } catch (KubernetesClientException e) {
        if (e.getCode() != CONFLICT) {
          throw e;
        }
      }
    }
  }

  /**
   * Of a namespace that need not be there yet. What takes long in a young JVM, to read and to write
   * these kinds, is done here: a Muster that is killed between a namespace and its reaper leaves
   * it.
   */
  static RunReaper of(KubernetesClient client, RunNamespace namespace) {
    String yaml = OBJECTS.replace("NAMESPACE", namespace.name());
    List<HasMetadata> objects =
        client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items();
    Placement placement = Placement.among(client.nodes().list().getItems());
    for (HasMetadata object : objects) {
      object.getMetadata().setNamespace(namespace.name());
      object.getMetadata().setLabels(labelled(namespace, object.getMetadata().getLabels()));
      if (object instanceof Deployment deployment) {
        var template = deployment.getSpec().getTemplate();
        template.getMetadata().setLabels(labelled(namespace, template.getMetadata().getLabels()));
        template.getSpec().getTolerations().addAll(placement.tolerations());
        template.getSpec().setAffinity(placement.affinity(""));
        var container = template.getSpec().getContainers().getFirst();
        container.setImage(namespace.image());
        container.setCommand(AgentPods.PROGRAM);
        container.setArgs(
            List.of("reap", "namespace=" + namespace.name(), "silence=" + SILENCE.toSeconds()));
      }
      client.getKubernetesSerialization().asJson(object);
    }
    return new RunReaper(objects);
  }

  private static Map<String, String> labelled(
      RunNamespace namespace, @Nullable Map<String, String> own) {
    Map<String, String> labels = new TreeMap<>(RunNamespace.OURS);
    labels.put(RunNamespace.RUN, RunNamespace.label(namespace.run()));
    if (own != null) {
      labels.putAll(own);
    }
    return labels;
  }
}
