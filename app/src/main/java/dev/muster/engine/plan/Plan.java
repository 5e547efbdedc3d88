package dev.muster.engine.plan;

import dev.muster.drill.AbortRule;
import dev.muster.drill.Drill;
import dev.muster.drill.Fault;
import dev.muster.drill.Step;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.observer.Prometheus;
import dev.muster.engine.run.DrillRun;
import dev.muster.verdict.check.alerts.AlertsExpected;
import dev.muster.verdict.check.fault.RecoveredCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a drill would do and when, in words.
 *
 * @param summary of the whole, with its length
 * @param abortWhen what would end it early
 */
public record Plan(String summary, List<Line> steps, List<String> abortWhen) {

  /**
   * A step or a part of one.
   *
   * @param second when it begins, from the first fault on
   * @param depth how many others it is a part of
   */
  public record Line(long second, int depth, String what) {
    String text() {
      return String.format(Locale.ROOT, "  %2d:%02d  ", second / 60, second % 60)
          + "  ".repeat(depth)
          + what;
    }
  }

  public static Plan of(Drill drill) {
    Step all = new Step.Serial(drill.steps());
    Drill.Load load = drill.load();
    List<Line> steps = new ArrayList<>();
    add(all, Duration.ZERO, 0, steps);
    return new Plan(
        "drill %s: %s, then %s of faults and holds, at most about %d min in all once the service is up"
            .formatted(
                drill.metadata().name(),
                load == null ? "no load" : "baseline " + text(load.baseline()),
                text(Step.expected(all)),
                atMost(drill).plusSeconds(59).toMinutes()),
        List.copyOf(steps),
        drill.abortWhen().stream().map(Plan::text).toList());
  }

  /** For a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(List.of(summary));
    steps.forEach(step -> lines.add(step.text()));
    abortWhen.forEach(rule -> lines.add("ends early if " + rule));
    return lines;
  }

  /** With all that a run waits for; a service that is well is faster. */
  private static Duration atMost(Drill drill) {
    Drill.Load load = drill.load();
    Duration before =
        load == null ? Duration.ZERO : DrillRun.PACE.settleAtMost().plus(load.baseline());
    Duration recovery =
        RecoveredCheck.WITHIN.in(drill, DrillRun.RECOVERY).plus(DrillRun.PACE.steady());
    // alerts are waited for from the end of the faults on, as the recovery is
    Duration alerts =
        drill.watcher(Prometheus.class).isEmpty()
            ? Duration.ZERO
            : AlertsExpected.in(drill).stream()
                .flatMap(a -> Stream.of(a.firesWithin(), a.resolvesWithin(), a.notifiedWithin()))
                .filter(Objects::nonNull)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    return before
        .plus(Step.expected(new Step.Serial(drill.steps())))
        .plus(alerts.compareTo(recovery) > 0 ? alerts : recovery);
  }

  private static void add(Step step, Duration from, int depth, List<Line> lines) {
    switch (step) {
      case Step.Serial serial -> {
        Duration at = from;
        for (Step each : serial.steps()) {
          add(each, at, depth, lines);
          at = at.plus(Step.expected(each));
        }
      }
      case Step.Parallel parallel -> {
        lines.add(new Line(from.toSeconds(), depth, "together:"));
        parallel.steps().forEach(each -> add(each, from, depth + 1, lines));
      }
      case Step.Hold hold ->
          lines.add(new Line(from.toSeconds(), depth, "hold " + text(hold.duration())));
      case Fault fault ->
          lines.add(
              new Line(from.plus(fault.after()).toSeconds(), depth, FaultDescription.of(fault)));
    }
  }

  private static String text(AbortRule rule) {
    return rule.probe().words()
        + (rule.mode().once() ? "" : " for " + text(rule.lasting()))
        + " ("
        + rule.mode().word()
        + ")";
  }

  private static String text(Duration time) {
    return DurationText.of(time);
  }
}
