package dev.muster.engine.run;

import java.time.Duration;
import java.util.Optional;

/** The load of a {@link SmallRun}, with the errors that it is told. */
final class SmallLoad implements Ports.Load {
  private final SmallRun run;

  SmallLoad(SmallRun run) {
    this.run = run;
  }

  @Override
  public void start() {
    run.act("load");
  }

  @Override
  public String line() {
    return "";
  }

  @Override
  public double errorRatio(Duration last) {
    return run.settlesAfterLooks-- > 0 ? run.errors : 0;
  }

  @Override
  public Optional<Ports.Failed> failed(Duration last) {
    return Optional.ofNullable(run.failed);
  }

  @Override
  public void stop(Duration atMost) {
    run.act("load ends");
  }

  @Override
  public void close() {
    // nothing is open
  }
}
