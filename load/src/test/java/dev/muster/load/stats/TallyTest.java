package dev.muster.load.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Outcome;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static Tally of(Outcome... outcomes) {
    var tally = new Tally();
    for (var outcome : outcomes) {
      tally.add(FailureTest.row(outcome, 200, "why"));
    }
    return tally;
  }

  @Test
  void whatTellsOfTheGeneratorAloneIsNoErrorOfTheService() {
    assertThat(of(Outcome.COMPLETE, Outcome.GENERATOR_LATE, Outcome.NOT_SENT).errorRatio())
        .isZero();
    assertThat(of(Outcome.GENERATOR_LATE).errorRatio()).isNaN();
    assertThat(of(Outcome.COMPLETE, Outcome.TIMED_OUT, Outcome.GENERATOR_LATE).errorRatio())
        .isEqualTo(0.5);
    assertThat(of(Outcome.GENERATOR_LATE, Outcome.TIMED_OUT).lost()).isEqualTo(1);
  }

  @Test
  void twoAreAddedAsIfTheyWereOne() {
    var sum = of(Outcome.COMPLETE, Outcome.TIMED_OUT);
    sum.add(of(Outcome.TIMED_OUT, Outcome.TIMED_OUT, Outcome.TRUNCATED));
    assertThat(sum.ended()).isEqualTo(5);
    assertThat(sum.ok()).isEqualTo(1);
    assertThat(sum.commonest()).contains(new Failure(Outcome.TIMED_OUT, 200, 3, 5, "why"));
    assertThat(sum.ttftP99Millis()).isEqualTo(of(Outcome.COMPLETE).ttftP99Millis());
  }
}
