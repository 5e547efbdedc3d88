package dev.muster.engine.run;

import dev.muster.drill.port.Observer;
import dev.muster.observe.ObservationException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** An observer of a {@link SmallRun}, who looks twice until it has settled. */
final class SmallObserver implements Observer {
  private final SmallRun run;
  private final @Nullable String trouble;
  private int looks = 2;

  /**
   * @param trouble why it fails at its end; null where it does not
   */
  SmallObserver(SmallRun run, @Nullable String trouble) {
    this.run = run;
    this.trouble = trouble;
  }

  @Override
  public String name() {
    return "watcher";
  }

  @Override
  public void begin() {
    run.act("observer begins");
  }

  @Override
  public boolean settled(Duration sinceUndone) {
    run.act("settled?");
    return --looks <= 0;
  }

  @Override
  public void end() {
    if (trouble != null) {
      throw new ObservationException(trouble);
    }
    run.act("observer ends");
  }

  @Override
  public void close() {
    run.act("observer closed");
  }
}
