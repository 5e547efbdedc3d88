package dev.muster.engine.wiring;

import dev.muster.engine.run.Recorder;
import dev.muster.engine.run.RunState;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells the first good token of each replacement. Safe for use by several threads. */
final class FirstGoodTokens {
  private final String namespace;
  private final RunState state;
  private final Recorder recorder;
  private final Set<ObjectRef> served = ConcurrentHashMap.newKeySet();

  FirstGoodTokens(String namespace, RunState state, Recorder recorder) {
    this.namespace = namespace;
    this.state = state;
    this.recorder = recorder;
  }

  /**
   * @param uncertainty by so much its times may be off, either way
   */
  void look(Request row, Duration uncertainty) {
    Instant token = row.firstSign();
    if (token == null || !row.answered()) {
      return;
    }
    for (String pod : row.pods()) {
      var named = new ObjectRef.Pod(namespace, pod, null);
      var replacement =
          state.objects(Milestone.REPLACEMENT_CREATED).stream().filter(named::is).findFirst();
      if (replacement.isPresent() && served.add(replacement.get())) {
        recorder.accept(
            new Event.MilestoneReached(
                new Stamp(token.plus(uncertainty), "client", null, uncertainty.multipliedBy(2)),
                Milestone.FIRST_GOOD_TOKEN,
                new ObjectRef.Request(row.id()),
                Map.of("pod", replacement.get().text())));
        return;
      }
    }
  }
}
