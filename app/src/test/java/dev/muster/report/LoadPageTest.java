package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.load.LoadTotals;
import dev.muster.load.stats.Series;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.file.SeriesFile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoadPageTest {
  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private static Request row(int second, Outcome outcome) {
    var intended = AT.plusSeconds(second);
    var first = intended.plusMillis(20);
    var end = intended.plusMillis(300);
    return new Request(
        "r",
        true,
        intended,
        intended,
        first,
        null,
        first,
        end,
        end,
        5,
        7,
        List.of(),
        1,
        0,
        200,
        outcome,
        "<b>cut</b>",
        null);
  }

  @ParameterizedTest
  @CsvSource({"en, first token, Bounds", "zh, 首个 token, 界限"})
  void allOfItIsThereInBothLanguages(String language, String token, String bounds) {
    var account = new LoadTotals();
    var series = new Series.Growing(AT);
    for (int second = 0; second < 12; second++) {
      var row = row(second, second == 3 ? Outcome.TRUNCATED : Outcome.COMPLETE);
      account.add(row);
      series.add(row);
    }
    var second = AT.getEpochSecond();
    var lags =
        new SeriesFile(
            AT,
            AT.plusSeconds(12),
            Duration.ofSeconds(1),
            List.of(
                new SeriesFile.Line(
                    "load_lag",
                    Map.of("of", "send"),
                    List.of(
                        new SeriesFile.Point(second, 1), new SeriesFile.Point(second + 1, 2)))));
    var html =
        LoadPage.html(
            new LoadPage.Content(
                "http://127.0.0.1/v1",
                AT,
                "fail",
                "errors>1%: 8.33 %",
                List.of("a note"),
                account.told(),
                series.series(),
                lags,
                List.of(new LoadPage.Bound("errors>1%", "fail", "8.33 %")),
                Map.of("--header", "x-key: ***")),
            language);
    assertThat(html)
        .contains(token, bounds, "8.33 %", "a note", "x-key: ***", "&lt;b&gt;cut&lt;/b&gt;")
        .contains("<svg class=\"chart\"", "class=\"p99\"", "line c0")
        .doesNotContain("<b>cut", "{{", "src=", "http-equiv");
    for (var id : List.of("chart", "times", "bounds", "requests", "lags", "asked")) {
      assertThat(html).contains("<h2 id=\"" + id + "\">");
    }
  }
}
