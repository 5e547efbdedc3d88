package dev.muster.cluster;

import dev.muster.drill.Drill;
import dev.muster.drill.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Installs or upgrades a chart of the drill with helm and waits until all in it is ready. */
public record Chart(Path helm, Path dist, Path kubeconfig, @Nullable String context) {
  private static final int TAIL = 15;

  public void install(Drill.Deploy deploy, Progress progress) {
    Path chart =
        Path.of(deploy.chart()).isAbsolute()
            ? Path.of(deploy.chart())
            : dist.resolve(deploy.chart());
    if (!Files.exists(chart.resolve("Chart.yaml"))) {
      throw new ClusterException(
          "no chart in " + chart + " (deploy.chart or monitor.chart of the drill)");
    }
    try {
      Path values = Files.createTempFile("muster-values", ".json");
      try {
        Files.writeString(values, new JsonMapper().writeValueAsString(deploy.values()));
        List<String> command =
            new ArrayList<>(
                List.of(
                    helm.toString(),
                    "upgrade",
                    "--install",
                    deploy.release(),
                    chart.toString(),
                    "--namespace",
                    deploy.namespace(),
                    "--create-namespace",
                    // else helm keeps the last release's values where the drill gives none
                    "--reset-values",
                    "--wait",
                    "--timeout",
                    "5m",
                    "--values",
                    values.toString(),
                    "--kubeconfig",
                    kubeconfig.toString()));
        if (context != null) {
          command.addAll(List.of("--kube-context", context));
        }
        progress.say("helm upgrade --install " + deploy.release() + ", waiting until it is ready");
        run(command);
      } finally {
        Files.delete(values);
      }
    } catch (IOException e) {
      throw new ClusterException("can not run helm: " + e.getMessage());
    }
  }

  private static void run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    Deque<String> tail = new ArrayDeque<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        tail.addLast(line);
        if (tail.size() > TAIL) {
          tail.removeFirst();
        }
      }
      if (process.waitFor() != 0) {
        throw new ClusterException("helm failed:\n" + String.join("\n", tail));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while helm was waiting");
    }
  }
}
