package dev.muster.fault;

import dev.muster.drill.port.ApiDeed;
import java.time.Duration;
import java.util.Map;

/** A deed of which the test says what becomes. */
final class FakeDeed implements ApiDeed {
  boolean endsItself = true;
  volatile boolean applied;
  boolean stays;
  boolean late;
  boolean mute;
  int asked;
  String refusal = "";
  int undoFailures;
  int undos;
  int proceeded;
  Runnable proceeding = () -> {};
  Duration step = Duration.ofMillis(300);

  @Override
  public boolean endsItself() {
    return endsItself;
  }

  @Override
  public Duration step() {
    return step;
  }

  @Override
  public void proceed() {
    proceeding.run();
  }

  @Override
  public Map<String, String> identity() {
    return Map.of("name", "muster-1");
  }

  @Override
  public void apply() {
    applied = true;
    if (!refusal.isEmpty()) {
      throw new IllegalStateException(refusal);
    }
  }

  @Override
  public void undo() {
    undos++;
    if (undoFailures-- > 0) {
      throw new IllegalStateException("409");
    }
    applied = stays;
  }

  @Override
  public boolean undone() {
    if (++asked % 2 == 0 && (late || mute)) { // after its end was seen
      if (mute) {
        throw new IllegalStateException("no answer within 8s");
      }
      late = false;
      applied = true;
    }
    return !applied;
  }
}
