package dev.muster.engine.plan;

import dev.muster.drill.Fault;
import dev.muster.drill.Mode;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.Selector;
import dev.muster.drill.kind.FaultKind.Trait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A fault as a plan says it: what is done, to whom, for how long, and when it is undone. */
final class FaultDescription {
  private FaultDescription() {}

  static String of(Fault fault) {
    List<String> own = new ArrayList<>(fault.kind().words());
    if (fault.follow()) {
      own.add("newcomers too");
    }
    StringBuilder text = new StringBuilder(fault.kind().word());
    text.append(own.isEmpty() ? "" : " (" + String.join(", ", own) + ")");
    text.append(" of ").append(whom(fault));
    Duration duration = fault.duration();
    if (duration != null) {
      text.append(fault.kind().is(Trait.ENDS_ITSELF) ? ", looked at for " : " for ")
          .append(DurationText.of(duration));
    }
    if (fault.times() > 1) {
      text.append(", ").append(fault.times()).append(" times, every ");
      text.append(DurationText.of(fault.every()));
    }
    Duration ttl = fault.ttl();
    text.append(
        ttl == null
            ? ", nothing to undo"
            : ", undone after " + DurationText.of(ttl) + " at the latest");
    return text.toString();
  }

  private static String whom(Fault fault) {
    if (fault.kind().ofNodes()) {
      return nodes(fault);
    }
    Selector selector = fault.selector();
    return many(fault)
        + " of "
        + (fault.kind().ofPods() ? selector.podWords() : selector.workloadWords());
  }

  private static String nodes(Fault fault) {
    Selector selector = fault.selector();
    String hosting = selector.empty() ? Selector.TARGET : selector.hosting();
    String others = selector.words();
    if (hosting == null) {
      boolean named = others.equals("node " + selector.nodes());
      return many(fault) + " of the nodes " + (named ? selector.nodes() : "with " + others);
    }
    String which = others.isEmpty() ? "" : ", of those with " + others;
    return fault.mode().equals(Mode.ONE)
        ? Selector.most(hosting) + which
        : many(fault) + " of the nodes that host " + Selector.hosted(hosting) + which;
  }

  private static String many(Fault fault) {
    Mode mode = fault.mode();
    return switch (mode.word()) {
      case ONE -> "one";
      case ALL -> "all";
      case FIXED -> Integer.toString(mode.value());
      case FIXED_PERCENT -> mode.value() + " %";
      case RANDOM_MAX_PERCENT -> "at most " + mode.value() + " %";
    };
  }
}
