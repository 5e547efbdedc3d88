package dev.muster.engine.wiring;

import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is said behind the API server: by kubelets, agents, and the service. */
final class NodeAnswers {
  private static final String COMPLETION =
      """
      data: {"choices":[{"delta":{"content":"1 "},"finish_reason":"stop"}]}

      data: [DONE]

      """;

  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  /** Of the pods that a kubelet measures. */
  final List<String> uids = new ArrayList<>();

  /** What kubelets and agents say; null where the objects are asked for. */
  @Nullable String to(RecordedRequest request) {
    String path = Objects.requireNonNull(request.getPath()).replaceAll("\\?.*", "");
    if (path.endsWith("/log")) {
      return log(path);
    }
    if (path.endsWith("/proxy/stats/summary")) {
      return """
      {"node": {"cpu": {"usageNanoCores": 500000000}, "memory": {"workingSetBytes": 1000000000, "availableBytes": 7000000000},
        "fs": {"availableBytes": 9000000000, "capacityBytes": 10000000000}},
       "pods": [%s]}
      """
          .formatted(
              uids.stream()
                  .map(
                      "{\"podRef\": {\"uid\": \"%s\"}, \"cpu\": {\"usageNanoCores\": 1}}"
                          ::formatted)
                  .collect(Collectors.joining(",")));
    }
    if (path.endsWith("/proxy/configz")) {
      return "{\"kubeletconfig\": {\"evictionHard\": {\"memory.available\": \"100Mi\"}}}";
    }
    if (path.contains("/proxy/faults")) {
      return "{\"faults\": []}";
    }
    return path.endsWith("/chat/completions") ? COMPLETION : path.contains("/proxy") ? "ok" : null;
  }

  /** A probe reaches its aim thirty times, as often as any asks for, and then no more. */
  private String log(String path) {
    if (path.contains("-probe/")) {
      int looks = asked.merge(path, 1, Integer::sum);
      return "{\"event\":\"probe\",\"ok\":\"true\",\"millis\":\"1\"}\n".repeat(30)
          + "{\"event\":\"probe\",\"ok\":\"false\",\"why\":\"timeout\"}\n"
              .repeat(Math.max(0, looks - 5));
    }
    if (path.contains("/fault-")) {
      return "{\"event\":\"injecting\"}\n{\"event\":\"verified\"}\n{\"event\":\"reverted\"}\n";
    }
    return "{\"event\":\"node\",\"netem\":\"true\"}\n{\"event\":\"audited\"}\n";
  }
}
