package dev.muster.cluster.run;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.connect.KubeContext;
import dev.muster.drill.Drill;
import dev.muster.drill.port.Progress;
import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import dev.muster.source.Proxies;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Installs or upgrades a chart of the drill with helm and waits until all in it is ready. */
public record Chart(Path helm, Path dist, Path kubeconfig, @Nullable String context) {
  private static final int TAIL = 15;

  /** Longer than helm's own limit. */
  private static final Duration LONGEST = Duration.ofMinutes(6);

  private static final Duration LOOK = Duration.ofSeconds(2);

  private static final Duration GOODBYE = Duration.ofSeconds(5);

  /**
   * @param hopeless whether what is waited for can never be ready; asked every 2 s
   * @throws ClusterException if helm fails, or has not ended in 6 min, or there is no hope
   */
  public void install(Drill.Deploy deploy, Progress progress, BooleanSupplier hopeless) {
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
        run(command, environment(), hopeless);
      } finally {
        Files.delete(values);
      }
    } catch (IOException e) {
      throw new ClusterException("can not run helm: " + e.getMessage());
    }
  }

  /** What helm finds there besides: it, too, asks a lab without a proxy. */
  private Map<String, String> environment() {
    KubeContext at = KubeContext.read(kubeconfig, context);
    return at.lab()
        ? new Proxies(System.getenv()).without(List.of(URI.create(at.server()).getHost()))
        : Map.of();
  }

  /** An interrupt ends helm too: a release that is half installed is upgraded by the next run. */
  private static void run(
      List<String> command, Map<String, String> environment, BooleanSupplier hopeless)
      throws IOException {
    // to a file: a thread that reads a pipe hears no interrupt
    Path output = Files.createTempFile("muster-helm", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    Time.Deadline longest = RealTime.TIME.in(LONGEST);
    try {
      process.getOutputStream().close();
      while (!process.waitFor(LOOK.toSeconds(), TimeUnit.SECONDS)) {
        if (longest.over()) {
          throw new ClusterException(
              "helm did not end within " + LONGEST.toMinutes() + " min:\n" + tail(output));
        }
        if (hopeless.getAsBoolean()) {
          throw new ClusterException(
              "helm waited for pods that lack an image of muster.dev, which no registry has: give"
                  + " it to a lab's nodes by 'muster images load --monitoring', or push it to a"
                  + " registry of yours by 'muster images push' and set the chart's values");
        }
      }
      if (process.exitValue() != 0) {
        throw new ClusterException("helm failed:\n" + tail(output));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while helm was waiting");
    } finally {
      end(process);
      Files.delete(output);
    }
  }

  /** It may say goodbye: then it marks its release as failed, and does not lock the next one. */
  private static void end(Process process) {
    if (!process.isAlive()) {
      return;
    }
    boolean interrupted = Thread.interrupted();
    process.destroy();
    try {
      process.waitFor(GOODBYE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    process.destroyForcibly();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static String tail(Path output) throws IOException {
    List<String> lines =
        new String(Files.readAllBytes(output), StandardCharsets.UTF_8).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }
}
