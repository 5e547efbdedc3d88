package dev.muster.engine.world;

import dev.muster.engine.run.Ports;
import dev.muster.engine.time.VirtualTime;
import dev.muster.timeline.Event;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A request each second that is answered at once. */
final class WorldLoad implements Ports.Load {
  private final World world;
  private final VirtualTime time;
  private final Consumer<Event> timeline;
  private final double errors;
  private Instant began = Instant.MAX;
  private long from;
  final List<Request> ledger = new ArrayList<>();

  WorldLoad(World world, Consumer<Event> timeline, double errors) {
    this.world = world;
    this.time = world.time;
    this.timeline = timeline;
    this.errors = errors;
  }

  @Override
  public void start() {
    world.alive();
    began = time.instant();
    from = world.now();
    timeline.accept(new Event.LoadStarted(Stamp.engine(began), 1, "constant 1/s"));
  }

  @Override
  public String line() {
    return "";
  }

  @Override
  public double errorRatio(Duration last) {
    return errors;
  }

  @Override
  public Optional<Ports.Failed> failed(Duration last) {
    return errors == 0 ? Optional.empty() : Optional.of(new Ports.Failed("by the test", false));
  }

  @Override
  public void stop(Duration atMost) throws InterruptedException {
    time.sleep(Duration.ofSeconds(1));
    world.alive();
    long seconds = (world.now() - from) / World.SECOND;
    for (int n = 0; n < Math.min(seconds, 3600); n++) {
      ledger.add(row(n, began.plusSeconds(n)));
    }
    timeline.accept(
        new Event.LoadEnded(
            Stamp.engine(time.instant()), ledger.size(), 1, 2, new Event.CanaryLag(900, 2, 8)));
  }

  private static Request row(int number, Instant at) {
    return new Request(
        "r-" + number,
        true,
        at,
        at,
        at.plusMillis(5),
        null,
        at.plusMillis(9),
        at.plusMillis(90),
        at.plusMillis(91),
        60,
        12,
        List.of("worker-1"),
        1,
        0,
        200,
        Outcome.COMPLETE,
        null,
        true);
  }

  @Override
  public void close() {
    // nothing is open
  }
}
