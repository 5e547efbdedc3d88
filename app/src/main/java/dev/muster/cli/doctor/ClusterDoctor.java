package dev.muster.cli.doctor;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.Connection;
import dev.muster.cluster.connect.Pages;
import dev.muster.cluster.fault.Permissions;
import dev.muster.cluster.object.AgentNodes;
import dev.muster.cluster.object.Pods;
import dev.muster.cluster.object.Snapshot;
import dev.muster.cluster.preflight.GrayPreflight;
import dev.muster.cluster.select.TargetException;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.lab.build.Doctor.Need;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a drill needs of a cluster, asked of that cluster; nothing in it is changed. */
public final class ClusterDoctor {
  /** Faults through agents and through the API server: between them they use most rights. */
  private static final String ANY =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: any}
      target: {namespace: default}
      faults:
        - {kind: NodeNetwork, duration: 1m, ttl: 2m}
        - {kind: NetworkPolicy, duration: 1m, ttl: 2m}
        - {kind: PodKill}
      expect: {residue: none}
      """;

  private static final String READY = "nodes Ready";
  private static final String AGENTS = "nodes for agents";

  private ClusterDoctor() {}

  /**
   * @param context null: the file's current one
   * @param drill whose rights are asked for; null: those that most drills need, in namespace
   *     default
   */
  public static List<Need> table(Path kubeconfig, @Nullable String context, @Nullable Drill drill) {
    try (KubernetesClient client = Connection.open(kubeconfig, context)) {
      List<Need> needs = new ArrayList<>();
      needs.add(
          new Need(
              "cluster",
              "it answers, and is not older than 1.26",
              true,
              client.getKubernetesVersion().getGitVersion(),
              ""));
      needs.addAll(rights(client, drill));
      needs.addAll(nodes(client));
      if (drill != null && GrayPreflight.concerns(drill) && drill.deploy() == null) {
        needs.add(gray(client, drill)); // where it deploys first, pods may be told otherwise
      }
      return List.copyOf(needs);
    } catch (ClusterException e) {
      return List.of(new Need("cluster", "it answers", false, "", String.valueOf(e.getMessage())));
    } catch (KubernetesClientException e) {
      return List.of(new Need("cluster", "it does as asked", false, "", ApiErrors.why(e)));
    }
  }

  private static List<Need> rights(KubernetesClient client, @Nullable Drill named) {
    String of = named == null ? "most drills" : "drill " + named.metadata().name();
    Drill drill = named == null ? DrillFile.parse(ANY, "any") : named;
    List<String> missing = Permissions.missing(client, drill);
    return missing.isEmpty()
        ? List.of(new Need("rights", "what " + of + " must be allowed to do", true, "all", ""))
        : missing.stream().map(right -> new Need("right", of, false, "", right)).toList();
  }

  private static Need gray(KubernetesClient client, Drill drill) {
    List<String> trouble;
    try {
      trouble = GrayPreflight.trouble(client, drill, Snapshot.read(client));
    } catch (TargetException | ClusterException e) {
      trouble = List.of(String.valueOf(e.getMessage()));
    } catch (KubernetesClientException e) {
      trouble = List.of(ApiErrors.why(e));
    }
    return new Need(
        "gray failures",
        "pods that do what an LlmFault asks of them",
        trouble.isEmpty(),
        trouble.isEmpty() ? "on" : "off",
        String.join("; ", trouble));
  }

  /** Whoever may not list them is told the rest all the same. */
  private static List<Need> nodes(KubernetesClient client) {
    try {
      return nodes(Pages.all(client.nodes()));
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      return Stream.of(READY, AGENTS)
          .map(row ->
              new Need(
                  row,
                  "a drill looks at each node",
                  false,
                  "not known",
                  "the nodes could not be looked at: " + ApiErrors.why(e)))
          .toList();
    }
  }

  private static List<Need> nodes(List<Node> nodes) {
    List<String> unready =
        nodes.stream().filter(n -> !Pods.ready(n)).map(ClusterDoctor::name).toList();
    List<String> never =
        nodes.stream()
            .flatMap(n -> AgentNodes.never(n).map(why -> name(n) + " " + why).stream())
            .toList();
    long able = nodes.stream().filter(n -> Pods.ready(n) && AgentNodes.never(n).isEmpty()).count();
    return Stream.of(
            new Need(
                READY,
                "a drill begins with what is well",
                unready.isEmpty() && !nodes.isEmpty(),
                nodes.size() - unready.size() + " of " + nodes.size(),
                nodes.isEmpty()
                    ? "the cluster has no nodes"
                    : "not Ready: " + String.join(", ", unready)),
            new Need(
                AGENTS,
                "faults inside a node are carried by a pod there"
                    + (never.isEmpty() ? "" : "; not on " + String.join(", ", never)),
                able > 0,
                able + " of " + nodes.size(),
                "an agent needs a node that is Ready, runs Linux and is not virtual"
                    + never.stream().map(n -> "; " + n).collect(Collectors.joining())))
        .toList();
  }

  private static String name(Node node) {
    return node.getMetadata().getName();
  }
}
