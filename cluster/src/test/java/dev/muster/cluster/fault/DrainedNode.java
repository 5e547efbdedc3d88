package dev.muster.cluster.fault;

import dev.muster.cluster.object.WorkloadMark;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An API server with nodes n1 and n2 and pods on them, which evicts: a pod is gone at once, or the
 * answer is what the test says.
 */
public final class DrainedNode implements AutoCloseable {
  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: Node
      metadata: {name: n1, labels: {zone: a}}
      spec: {podCIDR: 10.244.1.0/24}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2, labels: {zone: b}}
      """;

  /** Codes by which evictions of a pod are answered; those that are not in it succeed. */
  public final Map<String, Integer> refusals = new ConcurrentHashMap<>();

  /** The API server's words with them. */
  public volatile String message = "as the test says";

  /** Bodies of all evictions that were asked for. */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  /** Paths of all lists of the pods of a node that were asked for. */
  public final List<String> lists = new CopyOnWriteArrayList<>();

  private final KubernetesMockServer server;
  public final KubernetesClient client;

  @SuppressWarnings(
      "deprecation") // the mock wants the library's own mapper, which is told nowhere else
  public DrainedNode() {
    server =
        new KubernetesMockServer(
            new Context(Serialization.jsonMapper()),
            new MockWebServer(),
            new HashMap<>(),
            new Evicting(),
            false);
    server.init();
    client = server.createClient();
    client.getConfiguration().setRequestRetryBackoffLimit(0);
    create(OBJECTS);
    pod("w1", "n1", "app: w", "ReplicaSet", "{}");
    pod("w2", "n2", "app: w", "ReplicaSet", "{}");
    pod("d1", "n1", "app: d", "DaemonSet", "{}");
    pod("k1", "n1", "app: k", "Node", "{kubernetes.io/config.mirror: x}");
    pod("agent", "n1", "app.kubernetes.io/managed-by: muster", "ReplicaSet", "{}");
  }

  /**
   * @param labels the inside of a YAML flow mapping
   * @param annotations a YAML flow mapping
   */
  public void pod(String name, String node, String labels, String owner, String annotations) {
    create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: s, labels: {%s}, annotations: %s, ownerReferences: [{apiVersion: v1, kind: %s, name: o, uid: o}]}
        spec: {nodeName: %s, containers: [{name: c}]}
        status: {phase: Running}
        """
            .formatted(name, labels, annotations, owner, node));
  }

  public void create(String objects) {
    client
        .load(new ByteArrayInputStream(objects.getBytes(StandardCharsets.UTF_8)))
        .items()
        .forEach(o -> client.resource(o).create());
  }

  /** One that may be put on a cordoned node. */
  public void tolerant(String name, String node) {
    create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, namespace: s, ownerReferences: [{apiVersion: v1, kind: ReplicaSet, name: o, uid: o}]}
        spec:
          nodeName: %s
          containers: [{name: c}]
          tolerations: [{key: node.kubernetes.io/unschedulable, operator: Exists}]
        status: {phase: Running}
        """
            .formatted(name, node));
  }

  /** The label of a fault on the node; null takes it off. */
  public void label(String node, @Nullable String fault) {
    client
        .nodes()
        .withName(node)
        .edit(n -> {
          if (fault == null) {
            n.getMetadata().getLabels().remove(WorkloadMark.LABEL);
          } else {
            n.getMetadata().getLabels().put(WorkloadMark.LABEL, fault);
          }
          return n;
        });
  }

  public void end(String pod) {
    client.pods().inNamespace("s").withName(pod).withGracePeriod(0).delete();
  }

  public String uid(String node) {
    return client.nodes().withName(node).get().getMetadata().getUid();
  }

  /** What somebody else does to the node. */
  public void cordon(String node, boolean on) {
    client
        .nodes()
        .withName(node)
        .edit(n -> {
          n.getSpec().setUnschedulable(on ? true : null);
          return n;
        });
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }

  private final class Evicting extends Dispatcher {
    private final Dispatcher objects = new KubernetesCrudDispatcher();

    @Override
    public MockResponse dispatch(RecordedRequest request) {
      String path = Objects.requireNonNull(request.getPath());
      if (path.contains("fieldSelector=spec.nodeName")) { // which the mock does not know
        lists.add(path);
        return objects.dispatch(with(request, request.method(), path.replaceAll("\\?.*", "")));
      }
      if (!path.endsWith("/eviction")) {
        return objects.dispatch(request);
      }
      String pod = path.replaceAll("^.*/pods/|/eviction$", "");
      asked.add(request.getUtf8Body());
      Integer code = refusals.get(pod);
      return code == null
          ? objects.dispatch(with(request, HttpMethod.DELETE, path.replaceAll("/eviction$", "")))
          : new MockResponse()
              .setResponseCode(code)
              .setHeader("Content-Type", "application/json")
              .setBody(
                  "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"status\": \"Failure\", \"code\": "
                      + code
                      + ", \"message\": \""
                      + message
                      + "\"}");
    }

    private static RecordedRequest with(RecordedRequest request, HttpMethod method, String path) {
      return new RecordedRequest(
          request.getHttpVersion(), method, path, request.getHeaders(), new Buffer(new byte[0]));
    }
  }
}
