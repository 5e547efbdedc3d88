package dev.muster.observe.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.Drill;
import dev.muster.observe.ObservationException;
import dev.muster.timeline.Event;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A question to a real database, of the kind that is a file. */
class SqlObserverTest {
  @TempDir Path folder;
  private final List<Event> events = new ArrayList<>();

  private String url() {
    return "jdbc:sqlite:" + folder.resolve("shop.db");
  }

  private void ask(String url, String query) throws InterruptedException {
    new SqlObserver(
            new Drill.Sql(url, query, "3"),
            new SqlDrivers(folder.resolve("drivers")),
            Map.of("DB", folder.resolve("shop.db").toString(), "SECRET", "hunter2"),
            Clock.systemUTC(),
            events::add)
        .end();
  }

  private void table() throws SQLException {
    try (var connection = DriverManager.getConnection(url());
        var statement = connection.createStatement()) {
      statement.executeUpdate("create table orders (id integer)");
      statement.executeUpdate("insert into orders values (1), (2), (3)");
    }
  }

  @Test
  void theFirstColumnOfTheFirstRowIsTheAnswer() throws Exception {
    table();
    ask(url(), "select count(*) from orders");
    ask("jdbc:sqlite:{{DB}}", "select id from orders where id > 7");
    assertThat(events).extracting(e -> ((Event.SqlAnswered) e).answer()).containsExactly("3", null);
    assertThat(events)
        .extracting(e -> ((Event.SqlAnswered) e).database())
        .containsExactly(url(), "jdbc:sqlite:{{DB}}");
  }

  @Test
  void aQuestionThatTheDatabaseDoesNotUnderstandIsNoAnswer() {
    assertThatThrownBy(() -> ask(url(), "select count(*) from missing"))
        .isInstanceOf(ObservationException.class)
        .hasMessageContaining("no such table");
    assertThat(events).isEmpty();
  }

  @Test
  void aMissingDriverIsToldWithTheFolderForIt() {
    assertThatThrownBy(() -> ask("jdbc:nosuch://u:hunter2@db/shop?key=hunter3", "select 1"))
        .isInstanceOf(ObservationException.class)
        .hasMessageContaining("no JDBC driver for jdbc:nosuch:…@db/shop")
        .hasMessageContaining(folder.resolve("drivers").toString())
        .hasMessageNotContaining("hunter");
  }

  @Test
  void aVariableThatIsNotSetIsNamed() {
    assertThatThrownBy(() -> ask("jdbc:sqlite:{{NOT_SET}}", "select 1"))
        .isInstanceOf(ObservationException.class)
        .hasMessageContaining("{{NOT_SET}}");
  }

  @Test
  void secretsAreTakenOutOfWhatADriverSays() {
    var environment = Map.of("SECRET", "hunter2");
    var url = new SecretUrl("jdbc:x://sam:{{SECRET}}@db/shop?sslkey=hunter3&k=v9", environment);
    assertThat(
            url.withoutSecrets("no way for sam with hunter2, hunter3 or v9 to db: " + url.filled()))
        .isEqualTo("no way for … with …, … or … to db: jdbc:x://…:…@db/shop?sslkey=…&k=…");
  }
}
