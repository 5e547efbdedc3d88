package dev.muster.engine.run;

import dev.muster.drill.Drill;
import dev.muster.drill.kind.FaultKind.Trait;
import dev.muster.drill.kind.Kinds;
import dev.muster.timeline.Event;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What becomes of faults if Muster is gone: for a person who ends it, or has no record of it. */
public final class Unattended {
  private Unattended() {}

  /** Of whatever a drill may have begun; a sentence with its stop. */
  public static String of(Drill drill) {
    return "Agents undo their faults by themselves, at ttl at the latest; "
        + until(
            Stream.of(
                    clause(drill, Trait.EVICTS_PODS, "a node that was cordoned stays cordoned"),
                    clause(drill, Trait.OF_WORKLOADS, "a workload that was changed stays changed"))
                .flatMap(clause -> clause))
        + ".";
  }

  private static Stream<String> clause(Drill drill, Trait trait, String words) {
    return drill.faults().stream().anyMatch(fault -> fault.kind().is(trait))
        ? Stream.of(words)
        : Stream.empty();
  }

  /** Of faults that were announced and not undone, by the names of their victims. */
  static String of(Collection<Event.FaultArmed> pending) {
    return "agents undo theirs by themselves, at ttl at the latest; "
        + until(
            Stream.concat(
                pending.stream()
                    .filter(fault -> Kinds.is(fault.kind(), Trait.EVICTS_PODS))
                    .map(fault -> "node " + fault.victim().name() + " stays cordoned"),
                pending.stream()
                    .filter(fault -> Kinds.is(fault.kind(), Trait.OF_WORKLOADS))
                    .map(fault -> fault.victim().path() + " stays changed")));
  }

  private static String until(Stream<String> clauses) {
    return Stream.concat(Stream.of("a node that is off stays off"), clauses)
        .collect(Collectors.joining(", ", "until 'muster cleanup' ", ""));
  }
}
