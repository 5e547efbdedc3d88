package dev.muster.engine;

import dev.muster.drill.Drill;
import dev.muster.drill.DurationText;
import dev.muster.drill.Fault;
import dev.muster.drill.Selector;
import dev.muster.drill.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a drill would do and when, in lines for a person; times count from the first fault. */
public final class Plan {
  private final List<String> lines = new ArrayList<>();

  private Plan() {}

  public static List<String> of(Drill drill) {
    Plan plan = new Plan();
    Step all = new Step.Serial(drill.steps());
    Drill.Load load = drill.load();
    plan.lines.add(
        "drill "
            + drill.metadata().name()
            + ": "
            + (load == null ? "no load" : "baseline " + text(load.baseline()))
            + ", then "
            + text(Step.expected(all))
            + " of faults and holds");
    plan.add(all, Duration.ZERO, "  ");
    return List.copyOf(plan.lines);
  }

  private void add(Step step, Duration from, String indent) {
    switch (step) {
      case Step.Serial serial -> {
        Duration at = from;
        for (Step each : serial.steps()) {
          add(each, at, indent);
          at = at.plus(Step.expected(each));
        }
      }
      case Step.Parallel parallel -> {
        lines.add(at(from) + indent + "together:");
        parallel.steps().forEach(each -> add(each, from, indent + "  "));
      }
      case Step.Hold hold -> lines.add(at(from) + indent + "hold " + text(hold.duration()));
      case Fault fault -> lines.add(at(from.plus(fault.after())) + indent + text(fault));
    }
  }

  private static String text(Fault fault) {
    StringBuilder text = new StringBuilder(fault.kind().word());
    text.append(" of ").append(fault.mode().word().text);
    if (fault.mode().word().takesValue()) {
      text.append(' ').append(fault.mode().value());
    }
    Selector selector = fault.selector();
    text.append(selector.empty() ? " of the target" : " of " + selector.words());
    Duration duration = fault.duration();
    if (duration != null) {
      text.append(" for ").append(text(duration));
    }
    if (fault.times() > 1) {
      text.append(", ").append(fault.times()).append(" times, every ").append(text(fault.every()));
    }
    Duration ttl = fault.ttl();
    text.append(
        ttl == null ? ", nothing to undo" : ", undone after " + text(ttl) + " at the latest");
    return text.toString();
  }

  private static String at(Duration time) {
    return String.format(Locale.ROOT, "  %2d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  private static String text(Duration time) {
    return DurationText.of(time);
  }
}
