package dev.muster.observe.metrics;

import dev.muster.observe.ObservationException;
import dev.muster.observe.ask.DirectJson;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Prometheus and Alertmanager of Debian's packages on loopback, which look every second. The
 * alert {@code TargetGone} fires while a file names a target where nobody listens.
 */
final class LivePrometheus implements AutoCloseable {
  private static final List<String> PROGRAMS = List.of("prometheus", "prometheus-alertmanager");

  /** Without it Debian's Alertmanager does not start. */
  private static final Path TEMPLATE = Path.of("/usr/share/prometheus/alertmanager/default.tmpl");

  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> processes = new ArrayList<>();
  private final int port = free();
  private final int alertmanagerPort = free();

  static boolean installed() {
    return PROGRAMS.stream().allMatch(p -> program(p).findFirst().isPresent())
        && Files.exists(TEMPLATE);
  }

  private static Stream<Path> program(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable);
  }

  /**
   * @param hook where Alertmanager notifies
   */
  LivePrometheus(Path folder, URI hook) throws IOException {
    this.folder = folder;
    gone(false);
    Files.writeString(
        folder.resolve("rules.yaml"),
        """
        groups:
          - name: live
            interval: 1s
            rules:
              - {alert: TargetGone, expr: 'up{job="files"} == 0', for: 1s, labels: {severity: critical}}
              - {alert: Misspelt, expr: 'upp{job="files"} == 0'}
        """);
    Files.writeString(
        folder.resolve("prometheus.yaml"),
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: [rules.yaml]
        alerting: {alertmanagers: [{static_configs: [{targets: ['127.0.0.1:%d']}]}]}
        scrape_configs:
          - {job_name: files, file_sd_configs: [{files: [targets.json], refresh_interval: 1s}]}
          - {job_name: itself, static_configs: [{targets: ['127.0.0.1:%d']}]}
        """
            .formatted(alertmanagerPort, port));
    Files.writeString(
        folder.resolve("alertmanager.yaml"),
        """
        route: {receiver: hook, group_wait: 1s, group_interval: 1s}
        receivers: [{name: hook, webhook_configs: [{url: '%s', send_resolved: true}]}]
        """
            .formatted(hook));
    start(
        "prometheus-alertmanager",
        "--config.file=" + folder.resolve("alertmanager.yaml"),
        "--storage.path=" + folder.resolve("alertmanager"),
        "--web.listen-address=127.0.0.1:" + alertmanagerPort,
        "--cluster.listen-address=");
    start(
        "prometheus",
        "--config.file=" + folder.resolve("prometheus.yaml"),
        "--storage.tsdb.path=" + folder.resolve("data"),
        "--web.listen-address=127.0.0.1:" + port);
  }

  private void start(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(program(program).findFirst().orElseThrow().toString());
    command.addAll(List.of(arguments));
    processes.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(program + ".log").toFile())
            .start());
  }

  /** Whether there is a target where nobody listens. */
  void gone(boolean there) throws IOException {
    Path fresh = folder.resolve("targets.new");
    Files.writeString(fresh, there ? "[{\"targets\":[\"127.0.0.1:1\"]}]" : "[]");
    Files.move(fresh, folder.resolve("targets.json"), StandardCopyOption.REPLACE_EXISTING);
  }

  Prometheus prometheus() {
    return new Prometheus(new DirectJson(http, URI.create("http://127.0.0.1:" + port), null));
  }

  Alertmanager alertmanager() {
    return new Alertmanager(
        new DirectJson(http, URI.create("http://127.0.0.1:" + alertmanagerPort), null));
  }

  /** Whether both answer and Prometheus has measured something. */
  boolean ready() {
    try {
      alertmanager().alerts();
      return !prometheus().query("up").isEmpty();
    } catch (ObservationException e) {
      return false;
    }
  }

  void stopPrometheus() throws InterruptedException {
    processes.getLast().destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }

  private static int free() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    processes.forEach(Process::destroyForcibly);
    http.close();
  }
}
