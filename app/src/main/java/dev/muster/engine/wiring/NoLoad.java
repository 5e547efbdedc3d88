package dev.muster.engine.wiring;

import dev.muster.engine.run.Ports;
import java.time.Duration;
import java.util.Optional;

/** Of a drill that asks nothing of the service. */
public final class NoLoad implements Ports.Load {

  @Override
  public void start() {
    // nobody comes
  }

  @Override
  public String line() {
    return "no load";
  }

  @Override
  public double errorRatio(Duration last) {
    return 0;
  }

  @Override
  public Optional<Ports.Failed> failed(Duration last) {
    return Optional.empty();
  }

  @Override
  public void close() {
    // nothing is open
  }

  @Override
  public void stop(Duration atMost) {
    // nobody leaves
  }
}
