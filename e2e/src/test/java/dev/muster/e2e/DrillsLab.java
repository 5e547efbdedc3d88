package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A lab for ready drills one after another, with short timing: where a node is noticed sooner than
 * by default, faults need not last as long either. The main drill, with Kubernetes' own timing, has
 * a test of its own.
 */
final class DrillsLab implements AutoCloseable {
  /** The lab's kernel has no netem: that drill's own test is that it is refused. */
  static final String NETEM = "network-delay";

  /** They need more nodes than this lab has, and zones of several. */
  private static final String ZONES = "zone-";

  /** Planned disruptions, and the main drill: they are not run with the others. */
  private static final Set<String> ELSEWHERE =
      Set.of("rolling-update", "rolling-update-under-node-loss", "node-shutdown");

  private static final Map<String, String> SHORTENED =
      Map.of(
          "duration: 2m", "duration: 85s",
          "duration: 90s", "duration: 60s",
          "duration: 60s", "duration: 40s",
          "baseline: 15s", "baseline: 8s");

  private static final Pattern TIME = Pattern.compile("\\b(duration|baseline): \\w+");

  private final Path home;
  private final String name;
  private final Muster muster;

  DrillsLab(Path home, String name) {
    this.home = home;
    this.name = name;
    muster = new Muster(home);
  }

  void up() {
    Muster.Ended up =
        muster.run(
            Duration.ofMinutes(3),
            "lab",
            "up",
            "--name",
            name,
            "--set",
            "kube-controller-manager.node-monitor-grace-period=16s",
            "--set",
            "kubelet.evictionPressureTransitionPeriod=10s");
    assertThat(up.exit()).as(up.endFirst()).isZero();
  }

  /**
   * Names of the ready drills that are run here. Those that stress a CPU come last: others are
   * measured beside the first ones.
   */
  static Stream<String> drills(Predicate<String> which) throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../drills"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.endsWith(".yaml"))
          .map(n -> n.substring(0, n.length() - ".yaml".length()))
          .filter(n -> !n.equals(NETEM) && !n.startsWith(ZONES) && !ELSEWHERE.contains(n))
          .filter(which)
          .sorted(
              Comparator.comparing((String n) -> n.contains("overload") || n.equals("combined"))
                  .thenComparing(Comparator.naturalOrder()))
          .toList()
          .stream();
    }
  }

  /** Runs one to its end, which the run's folder tells; measured again where nothing was. */
  Muster.Ended run(String drill) throws IOException {
    return muster.measured(
        Duration.ofMinutes(9), "run", shortened(drill).toString(), "--lab", name);
  }

  /** Runs one that passes, with its effect seen, and that leaves nothing. */
  JsonNode passed(String drill) throws IOException {
    Muster.Ended ended = run(drill);
    assertThat(ended.exit()).as(ended.endFirst()).isZero();
    JsonNode report = muster.report();
    assertThat(Muster.finding(report, "faultVerified").get("status").asString()).isEqualTo("pass");
    assertThat(Muster.finding(report, "residue").get("status").asString()).isEqualTo("pass");
    assertThat(muster.timeline()).anyMatch(l -> l.contains("\"FaultVerified\""));
    return report;
  }

  Muster muster() {
    return muster;
  }

  String name() {
    return name;
  }

  private Path shortened(String drill) throws IOException {
    String text = Files.readString(Path.of("../drills", drill + ".yaml"));
    return Files.writeString(
        home.resolve(drill + ".yaml"),
        TIME.matcher(text).replaceAll(time -> SHORTENED.getOrDefault(time.group(), time.group())));
  }

  @Override
  public void close() {
    System.out.println(muster.run(Duration.ofMinutes(1), "runs", "table").output());
    muster.run(Duration.ofMinutes(3), "lab", "down", "--name", name);
  }
}
