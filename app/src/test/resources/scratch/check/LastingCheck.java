package dev.muster.verdict.check.record;

import dev.muster.drill.expect.Expectation;
import dev.muster.timeline.Event;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import java.time.Duration;
import java.util.List;

/** From the first event to the last. */
public final class LastingCheck implements Check {
  private static final Expectation<Duration> WITHIN =
      Expectation.within("lasting", "the run was over so soon")
          .rules(yaml -> {
            if (Duration.ofSeconds(1).equals(yaml.duration("/within"))) {
              yaml.refuse("/within", "a run takes longer than 1s");
            }
          });

  @Override
  public String name() {
    return "lasting";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(WITHIN);
  }

  @Override
  public List<Finding> judge(History history) {
    var within = WITHIN.in(history.drill());
    List<Event> events = history.timeline();
    if (within == null || events.isEmpty()) {
      return List.of();
    }
    var took =
        Duration.between(events.getFirst().stamp().at(), events.getLast().stamp().at());
    return List.of(
        new Finding(
            name(),
            took.compareTo(within) > 0 ? Status.FAIL : Status.PASS,
            took.toNanos() / 1e9,
            within.toNanos() / 1e9,
            "s",
            Sentence.of("the run took %d s", took.toSeconds()),
            List.of()));
  }
}
