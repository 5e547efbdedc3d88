package dev.muster.cluster.object;

import dev.muster.cluster.connect.ApiErrors;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a node's kubelet measures of it ({@code /stats/summary}) and how it is set ({@code
 * /configz}), asked through the API server.
 */
public record KubeletView(KubernetesClient probe, String node) {
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * @param cores in use
   * @param coresOfPods in use by pods, those cores among them
   * @param memoryUsed working set, bytes
   * @param memoryFree what the kubelet counts against its eviction threshold, bytes
   * @param diskFree of the file system of the kubelet's data, bytes
   * @param diskSize of the same, bytes
   */
  public record Usage(
      double cores,
      double coresOfPods,
      long memoryUsed,
      long memoryFree,
      long diskFree,
      long diskSize) {

    /**
     * In use by daemons and whatever else is no pod; 0 where pods were measured later, with more.
     */
    public double coresBesidePods() {
      return Math.max(0, cores - coresOfPods);
    }
  }

  /** Empty where the kubelet does not answer or has not measured yet. */
  public Optional<Usage> usage() {
    JsonNode summary = ask("/stats/summary");
    JsonNode node = summary.path("node");
    if (node.at("/cpu/usageNanoCores").isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(
        new Usage(
            node.at("/cpu/usageNanoCores").asLong() / 1e9,
            summary
                .path("pods")
                .valueStream()
                .mapToDouble(pod -> pod.at("/cpu/usageNanoCores").asLong(0) / 1e9)
                .sum(),
            node.at("/memory/workingSetBytes").asLong(0),
            node.at("/memory/availableBytes").asLong(0),
            node.at("/fs/availableBytes").asLong(0),
            node.at("/fs/capacityBytes").asLong(0)));
  }

  /**
   * @param cores in use
   * @param memory working set, bytes
   */
  public record PodUsage(double cores, long memory) {}

  /** Empty where the kubelet does not answer or does not measure the pod. */
  public Optional<PodUsage> usage(String uid) {
    for (JsonNode pod : ask("/stats/summary").path("pods")) {
      if (pod.at("/podRef/uid").asString("").equals(uid)) {
        return Optional.of(
            new PodUsage(
                pod.at("/cpu/usageNanoCores").asLong(0) / 1e9,
                pod.at("/memory/workingSetBytes").asLong(0)));
      }
    }
    return Optional.empty();
  }

  /**
   * The kubelet's hard eviction threshold as it is written, like {@code 100Mi} or {@code 10%}.
   *
   * @param signal {@code memory.available} or {@code nodefs.available}
   */
  public Optional<String> threshold(String signal) {
    JsonNode hard = ask("/configz").at("/kubeletconfig/evictionHard");
    return Optional.ofNullable(hard.has(signal) ? hard.path(signal).asString() : null);
  }

  private JsonNode ask(String path) {
    try {
      @Nullable String answer = probe.raw("/api/v1/nodes/" + node + "/proxy" + path);
      return answer == null ? JSON.missingNode() : JSON.readTree(answer);
    } catch (KubernetesClientException e) {
      ApiErrors.unlessRefused(e);
      return JSON.missingNode(); // out of reach
    }
  }
}
