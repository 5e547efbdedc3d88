package dev.muster.deepseek.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.api.LocalEtcd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** llama.cpp's server in a process of its own, with the tiny model of the tests of the lab. */
public final class LlamaServer implements AutoCloseable {
  /** Thousands of tokens a second. */
  public static final int FAST = 64;

  private static final Path SERVERS = Path.of("../e2e/src/test/resources/servers");
  private static final Path SITE = Path.of("target/llama");

  private final Path folder;
  private final Map<String, String> environment;
  private final int port;
  private final int inner;
  private Process process;

  /**
   * @param folder for its model and its log
   * @param inner width of the model's inner layer: {@value #FAST}, or more to be slower
   */
  public LlamaServer(Path folder, int inner, Map<String, String> environment) throws IOException {
    this.inner = inner;
    this.folder = Files.createDirectories(folder);
    this.environment = environment;
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    process = launch();
  }

  public static boolean installable() {
    try {
      return LocalEtcd.installed() && ended(List.of("python3", "-m", "pip", "--version")).isEmpty();
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** The same version as in the lab; what is there of it is used again. */
  public static void install() throws IOException, InterruptedException {
    var version =
        Files.readAllLines(SERVERS.resolve("requirements.txt")).stream()
            .filter(line -> line.startsWith("xllamacpp=="))
            .findFirst()
            .orElseThrow();
    var done = SITE.resolve("done");
    if (Files.exists(done) && Files.readString(done).equals(version)) {
      return;
    }
    var pip = new ArrayList<>(List.of("python3", "-m", "pip", "install", "--quiet"));
    pip.addAll(List.of("--no-deps", "--no-compile", "--only-binary=:all:", "--upgrade"));
    pip.addAll(List.of("--target", SITE.toString(), version));
    assertThat(ended(pip)).isEmpty();
    Files.writeString(done, version);
  }

  /** What a program said that failed; empty where it did not. */
  private static String ended(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    return exit == 0 ? "" : "exit " + exit + ": " + output;
  }

  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Waits until its model is loaded. */
  public void ready() {
    var page = new HealthPage(URI.create(url()), "/health", Duration.ofSeconds(1));
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> {
          assertThat(process.isAlive()).as("%s", log()).isTrue();
          assertThat(page.problem()).isEmpty();
        });
  }

  /** {@code kill -9}: the kernel closes its connections. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGSTOP: its connections stay open and say nothing. */
  public void stop() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-STOP", Long.toString(process.pid())).start().waitFor();
  }

  /** At the same address. */
  public void restart() throws IOException {
    process = launch();
  }

  @Override
  public void close() {
    kill();
  }

  private Process launch() throws IOException {
    var builder =
        new ProcessBuilder(
            "python3",
            SERVERS.resolve("llama.py").toString(),
            "chat",
            Integer.toString(port),
            Integer.toString(inner));
    builder.environment().put("PYTHONPATH", SITE.toAbsolutePath().toString());
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("TMPDIR", folder.toString());
    builder.environment().putAll(environment);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("log"));
    } catch (IOException e) {
      return String.valueOf(e);
    }
  }
}
