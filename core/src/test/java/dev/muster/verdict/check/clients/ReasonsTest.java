package dev.muster.verdict.check.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.verdict.Story;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReasonsTest {
  private static List<Request> failed(int count, Outcome outcome, String words) {
    var rows = new ArrayList<Request>();
    for (var row : Story.healed().history().ledger().subList(0, count)) {
      rows.add(row.ended(outcome, words.formatted(row.id(), rows.size())));
    }
    return rows;
  }

  @Test
  void theCommonestComesFirstWithTheWordsOfItsFirst() {
    var rows = failed(3, Outcome.CONNECTION_FAILED, "%s: connection refused by 10.0.0.1:%d");
    rows.addAll(failed(7, Outcome.HTTP_ERROR, "HTTP 400: Unrecognized argument: thinking"));
    rows.addAll(Story.healed().history().ledger());
    assertThat(Reasons.of(rows).orElseThrow().toString())
        .matches(
            "7 HTTP_ERROR: HTTP 400: Unrecognized argument: thinking;"
                + " 3 CONNECTION_FAILED: \\S+: connection refused by 10.0.0.1:0");
  }

  @Test
  void noMoreThanThreeAreTold() {
    var rows = new ArrayList<Request>();
    for (var words : List.of("a", "b", "c", "d")) {
      rows.addAll(failed(2, Outcome.MALFORMED, words));
    }
    assertThat(Reasons.of(rows).orElseThrow().toString())
        .isEqualTo("2 MALFORMED: a; 2 MALFORMED: b; 2 MALFORMED: c");
  }

  @Test
  void whereNothingFailedThereIsNone() {
    assertThat(Reasons.of(Story.healed().history().ledger())).isEmpty();
  }
}
