package dev.muster.observe.data;

import static org.awaitility.Awaitility.await;

import dev.muster.observe.ask.DirectJson;
import dev.muster.observe.ask.JsonApi;
import dev.muster.observe.ask.Replica;
import dev.muster.observe.ask.Replicas;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real etcd of three members on loopback, as Debian's packages have it. */
final class LiveEtcd implements Replicas, AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Node> nodes = new ArrayList<>();

  /** A member; {@code process} is null while it is stopped. */
  private static final class Node {
    final String name;
    final int client;
    final int peer;
    Path data;
    @Nullable Process process;

    Node(String name, int client, int peer, Path data) {
      this.name = name;
      this.client = client;
      this.peer = peer;
      this.data = data;
    }
  }

  static boolean installed() {
    return Stream.of("etcd", "etcdctl").allMatch(p -> Files.isExecutable(Path.of("/usr/bin", p)));
  }

  LiveEtcd(Path folder) throws IOException {
    this.folder = folder;
    for (String name : List.of("etcd-0", "etcd-1", "etcd-2")) {
      nodes.add(new Node(name, free(), free(), folder.resolve(name)));
    }
    for (Node node : nodes) {
      launch(node);
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> new ServiceEtcd(this).statuses().stream().noneMatch(s -> s.leader().isEmpty()));
  }

  @Override
  public List<Replica> now() {
    return nodes.stream().map(n -> new Replica(n.name, "n", true, api(n))).toList();
  }

  private JsonApi api(Node node) {
    return new DirectJson(http, URI.create("http://127.0.0.1:" + node.client), null);
  }

  void put(String key, String value) {
    ask("/v3/kv/put", "{\"key\":\"%s\",\"value\":\"%s\"}".formatted(base64(key), base64(value)));
  }

  void delete(String key) {
    ask("/v3/kv/deleterange", "{\"key\":\"%s\"}".formatted(base64(key)));
  }

  private void ask(String path, String json) {
    JsonNode body = MAPPER.readTree(json);
    Node node = nodes.stream().filter(n -> n.process != null).findFirst().orElseThrow();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> api(node).post(path, body) != null);
  }

  void stop(String name) {
    Node node = node(name);
    Objects.requireNonNull(node.process).destroyForcibly().onExit().join();
    node.process = null;
  }

  void start(String name) throws IOException {
    launch(node(name));
  }

  /** What a member holds now, as a file. */
  Path snapshot(String of) throws IOException, InterruptedException {
    Path file = folder.resolve("snapshot.db");
    control(of, "snapshot", "save", file.toString());
    return file;
  }

  /** A stopped member begins anew from a snapshot, and takes all that followed once more. */
  void restore(String name, Path snapshot) throws IOException, InterruptedException {
    Node node = node(name);
    node.data = folder.resolve(name + "-restored");
    control(
        name,
        "snapshot",
        "restore",
        snapshot.toString(),
        "--name=" + name,
        "--initial-cluster=" + cluster(),
        "--initial-cluster-token=test",
        "--initial-advertise-peer-urls=" + peerUrl(node),
        "--data-dir=" + node.data);
  }

  /** Makes another of the running members lead: it knows nothing of how far the others are. */
  void moveLeader() throws IOException, InterruptedException {
    var statuses = new ServiceEtcd(this).statuses().stream().filter(s -> s.why() == null).toList();
    String leader = statuses.getFirst().leader();
    var from = statuses.stream().filter(s -> s.id().equals(leader)).findFirst().orElseThrow();
    var to = statuses.stream().filter(s -> !s.id().equals(leader)).findFirst().orElseThrow();
    control(from.member().pod(), "move-leader", Long.toHexString(Long.parseUnsignedLong(to.id())));
  }

  private void control(String at, String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("/usr/bin/etcdctl"));
    command.add("--endpoints=http://127.0.0.1:" + node(at).client);
    command.addAll(Arrays.asList(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ETCDCTL_API", "3");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  private void launch(Node node) throws IOException {
    String client = "http://127.0.0.1:" + node.client;
    node.process =
        new ProcessBuilder(
                "/usr/bin/etcd",
                "--name=" + node.name,
                "--data-dir=" + node.data,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peerUrl(node),
                "--initial-advertise-peer-urls=" + peerUrl(node),
                "--initial-cluster=" + cluster(),
                "--initial-cluster-token=test",
                "--unsafe-no-fsync")
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(node.name + ".log").toFile()))
            .start();
  }

  private String cluster() {
    return nodes.stream().map(n -> n.name + "=" + peerUrl(n)).collect(Collectors.joining(","));
  }

  private static String peerUrl(Node node) {
    return "http://127.0.0.1:" + node.peer;
  }

  private Node node(String name) {
    return nodes.stream().filter(n -> n.name.equals(name)).findFirst().orElseThrow();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static int free() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    for (Node node : nodes) {
      if (node.process != null) {
        node.process.destroyForcibly().onExit().join();
      }
    }
    http.close();
  }
}
