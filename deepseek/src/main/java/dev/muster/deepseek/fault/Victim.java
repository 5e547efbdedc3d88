package dev.muster.deepseek.fault;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** One answer, or one load of the model: however often a fault harms it, it counts once. */
public final class Victim {
  private final Faults faults;
  private final Set<String> by = new HashSet<>();

  public Victim(Faults faults) {
    this.faults = faults;
  }

  /** What has it fail so now, which is counted as harm. */
  public Optional<Fault> of(Failure failure) {
    return of(failure, Integer.MAX_VALUE);
  }

  /** The same after so many tokens. */
  public Optional<Fault> of(Failure failure, int tokens) {
    var found = faults.of(failure).filter(f -> tokens >= f.fault().afterTokens());
    found.filter(f -> by.add(f.fault().id())).ifPresent(Faults.InForce::harmed);
    return found.map(Faults.InForce::fault);
  }
}
