package dev.muster.engine.run;

import dev.muster.drill.time.RealTime;
import dev.muster.fault.FaultInjection;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.file.JournalException;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The one fault of a {@link SmallRun}. */
final class SmallFault implements FaultInjection {
  private final SmallRun run;
  private final Consumer<Event> timeline;

  SmallFault(SmallRun run, Consumer<Event> timeline) {
    this.run = run;
    this.timeline = timeline;
  }

  @Override
  public String id() {
    return "f";
  }

  @Override
  public boolean inject() {
    Stamp now = Stamp.engine(RealTime.TIME.instant());
    timeline.accept(
        new Event.FaultArmed(
            now,
            "f",
            run.kill ? "PodKill" : "NodeShutdown",
            ObjectRef.Victim.parse("n"),
            run.kill ? null : now.at(),
            Map.of()));
    if (run.late) {
      timeline.accept(
          new Event.MilestoneReached(
              now, Milestone.NODE_NOT_READY, ObjectRef.parse("node/n"), Map.of()));
    }
    run.act("inject");
    try {
      run.injected.then();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    if (run.failing) {
      throw new IllegalStateException("broken");
    }
    return run.effect;
  }

  @Override
  public boolean revert(String why) {
    if (run.undone) {
      return true;
    }
    run.undone = true;
    run.act("revert");
    run.act("revert: " + why);
    Stamp now = Stamp.engine(RealTime.TIME.instant());
    tell(new Event.FaultReverting(now, "f", why));
    if (run.late) {
      CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS).execute(this::ready);
    }
    if (!run.late) {
      ready();
    }
    tell(new Event.FaultReverted(now, "f", Map.of()));
    return true;
  }

  private void ready() {
    run.act("ready");
    Stamp now = Stamp.engine(RealTime.TIME.instant());
    tell(
        new Event.MilestoneReached(now, Milestone.NODE_READY, ObjectRef.parse("node/n"), Map.of()));
  }

  private void tell(Event event) {
    try {
      timeline.accept(event);
    } catch (JournalException e) {
      // as of a fault: no reason to leave it
    }
  }
}
