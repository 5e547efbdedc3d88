package dev.muster.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Drill.Sql;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.NotObserved;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Questions of the drill to a log store and to a database. */
class QuestionsTest {

  private static Story logs(String bounds, long lines) {
    return Story.healed()
        .expecting("logs: [{query: 'level:ERROR', " + bounds + "}]")
        .event(
            150, s -> new Event.LogsCounted(s, "level:ERROR", Story.at(-30), Story.at(150), lines));
  }

  @ParameterizedTest
  @CsvSource({"max: 3,3,PASS", "max: 3,4,FAIL", "min: 1,1,PASS", "min: 1,0,FAIL"})
  void linesAreCountedAgainstTheirBounds(String bounds, long lines, Status status) {
    var finding = logs(bounds, lines).finding("logs");
    assertThat(finding.status()).isEqualTo(status);
    assertThat(finding.measured()).isEqualTo((double) lines);
    assertThat(finding.why()).startsWith(lines + " lines match level:ERROR");
  }

  @Test
  void linesOfAPartOfTheTimeAreNoPass() {
    var part =
        logs("max: 0", 0)
            .without(Event.LogsCounted.class)
            .event(
                150, s -> new Event.LogsCounted(s, "level:ERROR", Story.at(20), Story.at(150), 0));
    assertThat(part.finding("logs").status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(part.finding("logs").why())
        .endsWith("but only the time from 20.0 s to 150.0 s after the fault was looked at");
  }

  @Test
  void aLogStoreThatWasNotAskedIsNoPass() {
    var story = logs("max: 0", 0).without(Event.LogsCounted.class);
    assertThat(story.finding("logs").status()).isEqualTo(Status.INCONCLUSIVE);
    story.event(150, s -> new NotObserved(s, Observations.LOGS, "no elasticsearch is given"));
    assertThat(story.finding("logs").why()).isEqualTo("no elasticsearch is given");
  }

  private static Story sql() {
    return Story.healed()
        .expecting("sql: [{url: 'jdbc:x://u:secret@db/shop?k=v', query: select 1, equals: 1}]");
  }

  @Test
  void aDatabaseIsHeldToItsAnswer() {
    var story =
        sql().event(150, s -> new Event.SqlAnswered(s, "jdbc:x:…@db/shop", "select 1", "1"));
    assertThat(story.finding("sql").status()).isEqualTo(Status.PASS);
    story.event(151, s -> new Event.SqlAnswered(s, "jdbc:x:…@db/shop", "select 1", "2"));
    assertThat(story.finding("sql").status()).isEqualTo(Status.FAIL);
    assertThat(story.finding("sql").why()).isEqualTo("select 1 gives 2 and should give 1");
  }

  @Test
  void aDatabaseThatWasNotAskedIsInconclusiveWithWhatToDo() {
    var story = sql();
    assertThat(story.finding("sql").status()).isEqualTo(Status.INCONCLUSIVE);
    story.event(150, s -> new NotObserved(s, "jdbc:x:…@db/shop", "no driver"));
    assertThat(story.finding("sql").why()).isEqualTo("no driver");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:sqlite:/data/x.db,jdbc:sqlite:/data/x.db",
    "jdbc:postgresql://db/shop?user=u&password=p,jdbc:postgresql://db/shop",
    "jdbc:mysql://u:p@db/shop,jdbc:mysql:…@db/shop",
    "jdbc:oracle:thin:scott/tiger@db:1521,jdbc:oracle:…@db:1521",
    "jdbc:sqlserver://db;password=p,jdbc:sqlserver://db",
    "jdbc:x://u:p?w@db/shop,jdbc:x:…",
  })
  void whatMayBeSecretInAnAddressIsLeftOut(String url, String told) {
    assertThat(new Sql(url, "q", "1").database()).isEqualTo(told);
  }
}
