package dev.muster.verdict.check.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Trace;
import dev.muster.verdict.Story;
import dev.muster.verdict.finding.History;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServedByTest {
  private static final Instant T0 = Instant.parse("2026-01-02T03:04:05Z");

  private static Request row(String id, int second, Outcome outcome, int status, String... pods) {
    var at = T0.plusSeconds(second);
    return new Request(
        id,
        true,
        at,
        at,
        at,
        null,
        at,
        at,
        at.plusSeconds(1),
        3,
        0,
        List.of(pods),
        1,
        0,
        status,
        outcome,
        null,
        null);
  }

  private static Trace trace(String id, Trace.Source source, String worker) {
    return new Trace(id, source, "", null, "", "", "", worker, "", "", 1);
  }

  private static ServedBy of(List<Request> rows, Trace... traces) {
    return ServedBy.of(
        new History(Story.healed().history().drill(), List.of(), rows, List.of(traces)));
  }

  @Test
  void headersComeBeforeTheAccessLogAndThatBeforeTheOnlyEndpoint() {
    var served =
        of(
            List.of(
                row("r-1", 1, Outcome.COMPLETE, 200, "g", "w-1"),
                row("r-2", 2, Outcome.TRUNCATED, 200),
                row("r-3", 3, Outcome.COMPLETE, 200)),
            trace("r-1", Trace.Source.ACCESS, "envoy"),
            trace("r-2", Trace.Source.ACCESS, "w-1"),
            trace("r-3", Trace.Source.ENDPOINT, "w-3"));

    assertThat(served.pods())
        .containsExactly(
            new ServedBy.OfPod(
                "g", ServedBy.Source.HEADER, 1, 0, T0.plusSeconds(1), T0.plusSeconds(2)),
            new ServedBy.OfPod(
                "w-1", ServedBy.Source.ACCESS, 1, 1, T0.plusSeconds(1), T0.plusSeconds(3)),
            new ServedBy.OfPod(
                "w-3", ServedBy.Source.ENDPOINT, 1, 0, T0.plusSeconds(3), T0.plusSeconds(4)));
    assertThat(served.unnamed()).isZero();
  }

  @Test
  void whoeverGotNoAnswerNeedsNoPod() {
    var served =
        of(
            List.of(
                row("r-1", 1, Outcome.CONNECTION_FAILED, 0),
                row("r-2", 2, Outcome.HTTP_ERROR, 503),
                row("r-3", 3, Outcome.COMPLETE, 200)),
            trace("r-3", Trace.Source.LOG, "w-1"));

    assertThat(served.pods()).isEmpty();
    assertThat(served.unnamed()).isEqualTo(2);
  }
}
