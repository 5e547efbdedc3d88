package dev.muster.drill.file;

import static dev.muster.drill.file.SmallDrill.SMALL;
import static dev.muster.drill.file.SmallDrill.problems;
import static dev.muster.drill.file.SmallDrill.refuses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.drill.kind.Kinds;
import dev.muster.source.Problem;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no drill, or not a whole one, is refused at its place and with what would be right. */
class RefusedDrillTest {
  @Test
  void aFolderIsNoDrill(@TempDir Path folder) {
    assertThat(catchThrowableOfType(DrillException.class, () -> DrillFile.read(folder)))
        .hasMessage(folder + ": is a folder, a drill is a file; ready drills are in drills/");
  }

  @Test
  void aWordIsNoDrill() {
    assertThat(problems("hello\n"))
        .containsExactly(
            new Problem(
                "d.yaml",
                1,
                1,
                "a drill is a mapping that begins with apiVersion, kind …, not \"hello\""));
  }

  @Test
  void aDocumentOfBlanksIsNoDrill() {
    for (var text : List.of("\"\\n\"\n", "\"\n\"", "' '", "[' ']\n", "' ': ' '\n")) {
      assertThat(problems(text)).as(text).isNotEmpty().allMatch(problem -> problem.line() > 0);
    }
  }

  @Test
  void aListOfDrillsIsToldAsOne() {
    var text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: muster.dev/v1, kind: Drill}\n";
    assertThatThrownBy(() -> DrillFile.parse(text, "d.yaml"))
        .isInstanceOfSatisfying(DrillException.class, e -> assertThat(e.problems()).hasSize(1))
        .hasMessageContaining("d.yaml:2:7: a List of objects; a drill file is one drill");
  }

  @Test
  void aFileThatIsNotThereIsSaidToBeMissing() {
    var refusal =
        catchThrowableOfType(
            DrillException.class, () -> DrillFile.read(Path.of("no", "such.yaml")));
    assertThat(refusal).hasMessage("no/such.yaml: no such file; ready drills are in drills/");
  }

  @Test
  void textThatIsNoYamlIsRefusedWhereItBreaks() {
    assertThat(problems("kind: [Drill\nmetadata: {}\n").getFirst())
        .satisfies(p -> assertThat(p.line()).isEqualTo(2))
        .satisfies(p -> assertThat(p.message()).startsWith("not readable as YAML: "));
    refuses("", "d.yaml:1:1: the file is empty; a drill was expected");
    refuses(SMALL + "kind: Drill\n", "d.yaml:9:1: field \"kind\" stands here a second time");
  }

  @Test
  void aWrongRateIsToldOnce() {
    assertThat(problems(SMALL.replace("5/s", "-5/s")))
        .singleElement()
        .extracting(Problem::message)
        .isEqualTo(
            "load.arrivals.constant: \"-5/s\" is not a rate such as 10/s, a ramp {from: 1/s, to: 10/s, over: 2m}, or a list of steps {rate: 10/s, for: 1m}");
    assertThat(problems(SMALL.replace("5/s", "0/s"))).hasSize(1);
  }

  @Test
  void anAbortRuleThatCanNotBeLookedAtIsRefused() {
    refuses(
        SMALL + "abortWhen: [{probe: alert, name: A}]\n",
        "d.yaml:9:13: probe alert needs a Prometheus: monitor, or observe.prometheus");
    refuses(
        SMALL
            + "observe: {prometheus: 'http://p'}\n"
            + "abortWhen: [{probe: promql, query: up, state: firing}]\n",
        "d.yaml:10:13: probe promql lacks \"comparator\"",
        "d.yaml:10:47: probe promql takes no \"state\"");
    refuses(
        SMALL
            + "observe: {prometheus: 'http://p'}\n"
            + "abortWhen: [{probe: alert, name: A, mode: EOT, for: 5s}]\n",
        "d.yaml:10:53: a probe in mode EOT is looked at once: nothing lasts");
  }

  @Test
  void anUnknownFieldIsRefusedAtItsPlaceWithTheNearestKnownName() {
    refuses(
        SMALL.replace("residue: none", "residue: none, intreruption: {max: 3m}"),
        "d.yaml:8:25: unknown field \"intreruption\" in expect; did you mean \"interruption\"?");
    // each kind adds its own to those of all
    Set<String> known =
        new LinkedHashSet<>(
            List.of(
                "hold",
                "parallel",
                "serial",
                "kind",
                "mode",
                "value",
                "selector",
                "duration",
                "ttl",
                "after",
                "every",
                "times"));
    Kinds.all().forEach(kind -> known.addAll(kind.fieldNames()));
    assertThat(known).contains("gracePeriod", "latency", "port");
    refuses(
        SMALL.replace("kind: NodeShutdown,", "kind: NodeShutdown, colour: red,"),
        "d.yaml:7:26: unknown field \"colour\" in faults[0]; known: " + String.join(", ", known));
    refuses(
        SMALL.replace("load:", "laod:"),
        "d.yaml:5:1: unknown field \"laod\" in a drill; did you mean \"load\"?");
  }

  @Test
  void aFaultNeedsATtlThatOutlastsIt() {
    refuses(
        SMALL.replace(", ttl: 1h30m", ""),
        "d.yaml:7:5: faults[0] lacks \"ttl\", which NodeShutdown needs");
    refuses(
        SMALL.replace("ttl: 1h30m", "ttl: 1m"),
        "d.yaml:7:46: ttl 1m is shorter than duration 1m30s: the fault would be undone before it"
            + " has lasted; make ttl at least 1m30s");
  }

  @Test
  void aValueOfTheWrongFormIsRefusedWithTheRightForm() {
    refuses(
        SMALL.replace("90s", "90 seconds"),
        "d.yaml:7:36: faults[0].duration: \"90 seconds\" is not a duration such as 90s, 6m or"
            + " 1h30m, at most 9999h");
    refuses(
        SMALL.replace("90s", "90"),
        "d.yaml:7:36: faults[0].duration must be a duration such as 90s, 6m or 1h30m, at most"
            + " 9999h, not \"90\"");
    refuses(
        SMALL.replace("5/s", "5"),
        "d.yaml:5:29: load.arrivals.constant must be a rate such as 10/s, a ramp {from: 1/s, to: 10/s, over: 2m}, or a list of steps {rate: 10/s, for: 1m}, not \"5\"");
    refuses(
        SMALL.replace("{constant: 5/s}", "{constant: 5/s, poisson: 1/s}"),
        "d.yaml:5:18: load.arrivals takes only one of its kind; known: poisson, constant, trace");
    refuses(
        SMALL.replace("residue: none", "availability: {min: 101%}"),
        "d.yaml:8:30: availability can not exceed 100%");
    refuses(
        SMALL.replace("residue: none", "latency: {ttft: {p50: 3s, p99: 2s}}"),
        "d.yaml:8:32: p50 is never above what a higher quantile is: its bound must not be either");
    refuses(
        SMALL.replace("residue: none", "latency: {gap: {max: 0s}}"),
        "d.yaml:8:31: no client gets a token in 0s: a bound must be above it");
    refuses(
        SMALL.replace("NodeShutdown", "NodeShutDwon"),
        "d.yaml:7:12: faults[0].kind can not be \"NodeShutDwon\"; did you mean \"NodeShutdown\"?");
    refuses(
        SMALL.replace("muster.dev/v1", "muster.dev/v2"),
        "d.yaml:1:13: apiVersion can not be \"muster.dev/v2\"; it must be \"muster.dev/v1\"");
  }

  @Test
  void aPowerCommandSaysWhichNode() {
    refuses(
        SMALL + "power: {off: ['true'], on: [x, '{{node}}'], state: [x, '{{node}}']}\n",
        "d.yaml:9:14: power.off does not say which node: one of its words must contain {{node}}");
  }

  @Test
  void allProblemsAreToldAtOnceAndInOrder() {
    assertThat(
            problems(
                SMALL
                    .replace("name: small", "name: Small")
                    .replace("5/s", "fast")
                    .replace("ttl: 1h30m", "tll: 1h30m")))
        .extracting(Problem::line)
        .containsExactly(3, 5, 7, 7); // of the last two: ttl is missing, and tll unknown
  }
}
