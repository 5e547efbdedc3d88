package dev.muster.drill.file;

import dev.muster.source.Problem;
import java.util.List;
import java.util.stream.Collectors;

/** A drill file was refused. The message has one line for each problem, in the file's order. */
public final class DrillException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public DrillException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** All that is wrong, in the file's order; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}
