package dev.muster.verdict;

import dev.muster.drill.Drill.Sql;
import dev.muster.timeline.Event.SqlAnswered;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A database answers as the drill says. */
final class SqlCheck implements Check {

  @Override
  public String name() {
    return "sql";
  }

  @Override
  public List<Finding> judge(History history) {
    return history.drill().expect().sql().stream().map(asked -> judge(history, asked)).toList();
  }

  private Finding judge(History history, Sql asked) {
    return Recovery.events(history, SqlAnswered.class)
        .filter(e -> e.query().equals(asked.query()) && e.database().equals(asked.database()))
        .reduce((_, last) -> last)
        .map(answered -> judge(asked, answered))
        .orElseGet(
            () -> Told.nothing(history, name(), asked.database(), "nobody asked " + asked.query()));
  }

  private Finding judge(Sql asked, SqlAnswered answered) {
    boolean same = asked.equals().equals(answered.answer());
    var said = answered.answer() == null ? "nothing" : answered.answer();
    return new Finding(
        name(),
        same ? Status.PASS : Status.FAIL,
        number(said),
        number(asked.equals()),
        "",
        same
            ? asked.query() + " gives " + said
            : asked.query() + " gives " + said + " and should give " + asked.equals(),
        List.of("asked of " + answered.database()));
  }

  private static @Nullable Double number(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null; // words are compared too
    }
  }
}
