package dev.muster.load.strain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LagHistogramTest {
  @Test
  void theSumOfPartsIsWhatOneWouldHaveSeen() {
    var whole = new Histogram(3);
    var merged = new LagHistogram();
    for (int part = 0; part < 3; part++) {
      var mine = new Histogram(3);
      for (int i = 0; i < 500; i++) {
        long micros = (long) i * i * (part + 1) * 7 % 3_000_000;
        whole.recordValue(micros);
        mine.recordValue(micros);
      }
      merged.add(new LagHistogram(mine).text());
    }
    assertThat(merged.count()).isEqualTo(1500);
    for (double percentile : new double[] {0, 1, 50, 90, 99, 99.9, 100}) {
      assertThat(merged.millis(percentile))
          .isEqualTo(whole.getValueAtPercentile(percentile) / 1000.0);
    }
  }

  @Test
  void whatIsNoneIsRefused() {
    assertThatThrownBy(() -> new LagHistogram().add("!"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no histogram: ");
    assertThat(new LagHistogram().millis(99)).isZero();
  }
}
