package dev.muster.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.Drill;
import dev.muster.drill.port.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of helm; a script stands for it. */
class ChartTest {
  @TempDir Path folder;

  @Test
  void whatHelmSaidLastIsTold() throws IOException {
    Chart chart = helm("seq 1 40; echo 'no such cluster' >&2; exit 1");
    assertThatThrownBy(() -> install(chart))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("helm failed")
        .hasMessageContaining("no such cluster")
        .hasMessageNotContaining("\n2\n");
  }

  @Test
  void anInterruptEndsHelmAtOnceAndLetsItSayGoodbye() throws Exception {
    Path begun = folder.resolve("begun");
    Path goodbye = folder.resolve("goodbye");
    Chart chart =
        helm(
            "trap 'touch %s; exit 1' TERM; touch %s; while :; do sleep 0.1; done"
                .formatted(goodbye, begun));
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try {
                install(chart);
              } catch (ClusterException e) {
                thrown.set(e);
              }
            });
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(begun));
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    assertThat(thrown.get()).hasMessageContaining("interrupted while helm was waiting");
    assertThat(goodbye).exists();
  }

  @Test
  @Timeout(60)
  void whatCanNeverBeReadyIsNotWaitedFor() throws IOException {
    Chart chart = helm("exec sleep 300");
    assertThatThrownBy(() -> install(chart, () -> true))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("lack an image of muster.dev");
  }

  @Test
  void asksALabWithoutAProxyAndAllElseAsTheUserHasIt() throws IOException {
    Path told = folder.resolve("told");
    Chart chart = helm("printf %s \"$NO_PROXY\" >" + told);
    install(chart);
    assertThat(told).hasContent(Objects.toString(System.getenv("NO_PROXY"), ""));
    kubeconfig(", extensions: [{name: muster.dev/lab, extension: {proxy: none}}]");
    install(chart);
    assertThat(Files.readString(told)).endsWith("10.240.0.10");
  }

  private Path kubeconfig(String cluster) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        current-context: c
        contexts: [{name: c, context: {cluster: k}}]
        clusters: [{name: k, cluster: {server: 'https://10.240.0.10:6443'%s}}]
        """
            .formatted(cluster));
  }

  private static void install(Chart chart) {
    install(chart, () -> false);
  }

  private static void install(Chart chart, BooleanSupplier hopeless) {
    chart.install(new Drill.Deploy("chart", "r", "n", Map.of()), Progress.SILENT, hopeless);
  }

  private Chart helm(String script) throws IOException {
    Files.createDirectories(folder.resolve("chart"));
    Files.writeString(folder.resolve("chart/Chart.yaml"), "name: chart\n");
    Path helm = Files.writeString(folder.resolve("helm"), "#!/bin/sh\n" + script + "\n");
    assertThat(helm.toFile().setExecutable(true)).isTrue();
    return new Chart(helm, folder, kubeconfig(""), null);
  }
}
