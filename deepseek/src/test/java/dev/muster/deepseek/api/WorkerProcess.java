package dev.muster.deepseek.api;

import java.io.IOException;
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

  int terminate() throws IOException, InterruptedException {
    signal("TERM");
    return process.waitFor();
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
