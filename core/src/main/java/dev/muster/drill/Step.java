package dev.muster.drill;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A part of a drill's disturbance. Steps of a list follow one another. */
public sealed interface Step permits Fault, Step.Hold, Step.Parallel, Step.Serial {

  /** Nothing is done for so long. */
  record Hold(Duration duration) implements Step {}

  /** All begin together; over when all are. */
  record Parallel(List<Step> steps) implements Step {}

  /** One after another; what a branch of {@link Parallel} may be. */
  record Serial(List<Step> steps) implements Step {}

  /** Every fault in it, in the order of the file. */
  static Stream<Fault> faults(Step step) {
    return switch (step) {
      case Fault fault -> Stream.of(fault);
      case Hold _ -> Stream.empty();
      case Parallel parallel -> parallel.steps().stream().flatMap(Step::faults);
      case Serial serial -> serial.steps().stream().flatMap(Step::faults);
    };
  }

  /** How long it takes if nothing is slow. */
  static Duration expected(Step step) {
    return switch (step) {
      case Fault fault ->
          fault.after().plus(fault.every().multipliedBy(fault.times() - 1L)).plus(fault.lasting());
      case Hold hold -> hold.duration();
      case Parallel parallel ->
          parallel.steps().stream()
              .map(Step::expected)
              .max(Duration::compareTo)
              .orElse(Duration.ZERO);
      case Serial serial ->
          serial.steps().stream().map(Step::expected).reduce(Duration.ZERO, Duration::plus);
    };
  }
}
