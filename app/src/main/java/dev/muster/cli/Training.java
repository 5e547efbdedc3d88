package dev.muster.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/**
 * What most commands load, done once when Muster is built: the JVM keeps the loaded classes and
 * what it learned in a cache (JEP 483, 514 and 515), from which later starts take them. It plans a
 * drill on a cluster of two nodes and a pod that this process only plays.
 */
public final class Training {
  private static final String LIST =
      """
      {"kind": "List", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "items": [%s]}
      """;

  private static final String NODE =
      """
      {"kind": "Node", "apiVersion": "v1", "metadata": {"name": "%1$s", "uid": "%1$s",
       "labels": {"kubernetes.io/os": "linux"}}, "spec": {"podCIDRs": ["10.244.0.0/24"]},
       "status": {"addresses": [{"type": "InternalIP", "address": "10.0.0.1"}],
        "allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"},
        "conditions": [{"type": "Ready", "status": "True"}]}}
      """;

  private static final String POD =
      """
      {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "w", "namespace": "s", "uid": "w",
       "labels": {"app": "w"}}, "spec": {"nodeName": "n1", "containers": [{"name": "c"}]},
       "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}],
        "containerStatuses": [{"name": "c", "restartCount": 0, "state": {"running": {}}}]}}
      """;

  private Training() {}

  /**
   * A plan that was refused ends with its code: the cache is whole, and knows less than it might.
   */
  public static void main(String[] args) throws IOException {
    System.exit(plan(new PrintWriter(Writer.nullWriter())));
  }

  /** The exit code of the plan; what it says goes to the writer, or to standard output. */
  static int plan(PrintWriter said) throws IOException {
    HttpServer api =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    api.createContext("/", Training::answer);
    api.start();
    Path folder = Files.createTempDirectory("muster-training");
    Path kubeconfig = folder.resolve("config");
    Path drill = folder.resolve("drill.yaml");
    try {
      Files.writeString(
          kubeconfig,
          """
          apiVersion: v1
          kind: Config
          clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
          users: [{name: u, user: {token: t}}]
          contexts: [{name: c, context: {cluster: c, user: u}}]
          current-context: c
          """
              .formatted(api.getAddress().getPort()));
      Files.writeString(
          drill,
          """
          apiVersion: muster.dev/v1
          kind: Drill
          metadata: {name: d}
          target: {namespace: s, selector: {labelSelectors: {app: w}}}
          faults: [{kind: NodeNetwork, selector: {hosting: target}, duration: 1m, ttl: 2m}]
          expect: {detected: {within: 1m}, recovered: {within: 3m}, residue: none}
          """);
      CommandLine line = Main.line();
      line.setOut(said);
      line.setErr(said);
      return Main.run(
          line, "run", drill.toString(), "--dry-run", "--kubeconfig", kubeconfig.toString());
    } finally {
      Files.deleteIfExists(drill);
      Files.deleteIfExists(kubeconfig);
      Files.deleteIfExists(folder);
      api.stop(0);
    }
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String text =
        switch (path) {
          case "/version" -> "{\"major\": \"1\", \"minor\": \"37\", \"gitVersion\": \"v1.37.2\"}";
          case "/api/v1/nodes" -> LIST.formatted(NODE.formatted("n1") + "," + NODE.formatted("n2"));
          case "/api/v1/pods", "/api/v1/namespaces/s/pods" -> LIST.formatted(POD);
          case "/api/v1/nodes/n1" -> NODE.formatted("n1");
          default ->
              path.endsWith("accessreviews")
                  ? "{\"kind\": \"SelfSubjectAccessReview\", \"apiVersion\":"
                      + " \"authorization.k8s.io/v1\", \"status\": {\"allowed\": true}}"
                  : LIST.formatted("");
        };
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }
}
