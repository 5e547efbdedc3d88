package dev.muster.deepseek.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.deepseek.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A worker in a JVM of its own, so that it can be killed and frozen as a node's loss would. */
final class WorkerProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  WorkerProcess(String pod, String etcd, Path folder, Map<String, String> environment)
      throws IOException {
    log = folder.resolve(pod + ".log");
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.muster.deepseek.worker.Main");
    builder
        .environment()
        .putAll(
            Map.of(
                "HOST", "127.0.0.1",
                "PORT", "0",
                "POD_NAME", pod,
                "ETCD_ENDPOINTS", etcd,
                "LEASE_TTL", "2s",
                "MODEL_LOAD_SECONDS", "0"));
    builder.environment().putAll(environment);
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** As a crash: the kernel closes its connections. */
  void kill() {
    process.destroyForcibly();
  }

  /** As a power cut: its connections stay open and say nothing. */
  void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  int terminate() throws IOException, InterruptedException {
    signal("TERM");
    return exitCode();
  }

  /** Waits until it has ended by itself. */
  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /** The value of a series of this worker, whatever its labels. */
  double metric(String series) throws IOException {
    var address =
        log().stream()
            .filter(l -> l.contains("\"registered\""))
            .map(l -> Json.parse(l).path("address").asString(""))
            .findFirst()
            .orElseThrow();
    try (var in = URI.create("http://" + address + "/metrics").toURL().openStream()) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(l -> l.startsWith(series))
          .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(series));
    }
  }

  List<String> log() throws IOException {
    return new ArrayList<>(Files.readAllLines(log));
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }
}
