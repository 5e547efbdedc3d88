package dev.muster.load.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

public class FailureTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  public static Request row(Outcome outcome, int status, @Nullable String detail) {
    return new Request(
        "r", true, AT, AT, AT, null, AT, AT, AT, 5, 1, List.of(), 1, 0, status, outcome, detail,
        true);
  }

  private static List<Request> rows(int status, int count) {
    return Collections.nCopies(count, row(Outcome.HTTP_ERROR, status, "HTTP " + status + ": no"));
  }

  private static Optional<Failure> commonest(List<Request> rows) {
    var tally = new Tally();
    rows.forEach(tally::add);
    return tally.commonest();
  }

  @Test
  void theCommonestIsTold() {
    List<Request> rows = new ArrayList<>(rows(500, 2));
    rows.addAll(rows(404, 3));
    rows.add(row(Outcome.COMPLETE, 200, null));
    assertThat(commonest(rows))
        .contains(new Failure(Outcome.HTTP_ERROR, 404, 3, 6, "HTTP 404: no"));
    assertThat(commonest(List.of(row(Outcome.COMPLETE, 200, null)))).isEmpty();
  }

  @Test
  void onlyWhatTheServerTellsEverybodyLasts() {
    assertThat(commonest(rows(404, 5))).get().matches(Failure::lasting);
    assertThat(commonest(rows(404, 4))).get().matches(f -> !f.lasting());
    assertThat(commonest(rows(503, 9))).get().matches(f -> !f.lasting());
    assertThat(commonest(rows(429, 9))).get().matches(f -> !f.lasting());
    List<Request> mixed = new ArrayList<>(rows(404, 9));
    mixed.add(row(Outcome.COMPLETE, 200, null));
    assertThat(commonest(mixed)).get().matches(f -> !f.lasting());
  }
}
