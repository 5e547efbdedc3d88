package dev.muster.observe.data;

import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.drill.Drill;
import dev.muster.drill.port.Observer;
import dev.muster.observe.ObservationException;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.check.data.SqlCheck;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks one question of a database after the drill. What is secret in its URL stays here. */
final class SqlObserver implements Observer {
  /** For a connection and its answer together. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Drill.Sql asked;
  private final SqlDrivers drivers;
  private final SecretUrl url;
  private final InstantSource clock;
  private final Consumer<Event> timeline;

  SqlObserver(
      Drill.Sql asked,
      SqlDrivers drivers,
      Map<String, String> environment,
      InstantSource clock,
      Consumer<Event> timeline) {
    this.asked = asked;
    this.drivers = drivers;
    this.url = new SecretUrl(asked.url(), environment);
    this.clock = clock;
    this.timeline = timeline;
  }

  /** Without secrets. */
  @Override
  public String name() {
    return asked.database();
  }

  @Override
  public void end() throws InterruptedException {
    String filled = url.filled();
    Driver driver = drivers.driverOf(filled, name());
    // a driver may wait for a dead host as long as the kernel does, and not hear an interrupt
    var answer = new FutureTask<@Nullable String>((Callable<@Nullable String>) () -> ask(driver));
    Thread.ofVirtual().name("sql").start(answer);
    try {
      timeline.accept(
          new Event.SqlAnswered(
              Stamp.engine(clock.instant()),
              name(),
              asked.query(),
              answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS)));
    } catch (TimeoutException e) {
      throw new ObservationException("no answer within " + TIMEOUT.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new ObservationException(
          url.withoutSecrets(String.valueOf(e.getCause()).lines().findFirst().orElse("")));
    }
  }

  private @Nullable String ask(Driver driver) throws SQLException {
    try (var connection = driver.connect(url.filled(), new Properties())) {
      if (connection == null) {
        throw new SQLException("the driver does not take this URL");
      }
      try (var statement = connection.createStatement();
          var rows = statement.executeQuery(asked.query())) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }

  /** One for each question. */
  public static final class OnCluster implements ObserverOnCluster {

    @Override
    public Stream<? extends Observer> of(Run run) {
      return SqlCheck.ANSWERS.in(run.drill(), List.of()).stream()
          .map(sql ->
              new SqlObserver(
                  sql,
                  new SqlDrivers(run.drivers()),
                  run.environment(),
                  run.clock(),
                  run.timeline()));
    }
  }
}
