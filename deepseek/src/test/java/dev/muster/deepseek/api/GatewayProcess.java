package dev.muster.deepseek.api;

import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A gateway in a JVM of its own with a heap of 64 MiB; ready when it is made. */
final class GatewayProcess implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Process process;
  private final Path log;
  private final int port;

  GatewayProcess(String pod, String etcd, int workers, Path folder, Map<String, String> environment)
      throws IOException {
    log = folder.resolve(pod + ".log");
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xmx64m",
            "-Xss512k",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.muster.deepseek.api.Main");
    builder
        .environment()
        .putAll(
            Map.of(
                "HOST",
                "127.0.0.1",
                "PORT",
                Integer.toString(port),
                "DEBUG_PORT",
                "0",
                "POD_NAME",
                pod,
                "ETCD_ENDPOINTS",
                etcd,
                "DRAIN_DELAY",
                "0s"));
    builder.environment().putAll(environment);
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(() -> Json.parse(get("/health/ready")).path("workers").asInt() == workers);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  int port() {
    return port;
  }

  String get(String path) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** The value of a series without labels, or with those that are given. */
  double metric(String series) throws IOException, InterruptedException {
    return get("/metrics")
        .lines()
        .filter(l -> l.startsWith(series + " "))
        .mapToDouble(l -> Double.parseDouble(l.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(series));
  }

  boolean lives() {
    return process.isAlive();
  }

  /** As a crash, in the middle of whatever it does. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Returns at once. */
  void terminate() {
    process.destroy();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  @Override
  public void close() {
    kill();
    client.close();
  }
}
