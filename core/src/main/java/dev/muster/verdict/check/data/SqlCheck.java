package dev.muster.verdict.check.data;

import dev.muster.drill.Drill.Sql;
import dev.muster.drill.expect.Expectation;
import dev.muster.timeline.Event.SqlAnswered;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A database answers as the drill says. */
public final class SqlCheck implements Check {
  public static final Expectation<List<Sql>> ANSWERS =
      Expectation.of(
              "sql",
              """
              {"type": "array",
               "items": {
                 "type": "object", "additionalProperties": false, "required": ["url", "query", "equals"],
                 "properties": {
                   "url": {"title": "a JDBC URL", "type": "string", "pattern": "^jdbc:[^\\\\s]+$"},
                   "query": {"type": "string", "minLength": 1, "description": "a question with one answer"},
                   "equals": {"type": ["string", "number", "boolean"], "description": "what it must answer"}}}}
              """,
              "questions to databases, asked at the end",
              node -> node.valueStream().map(SqlCheck::sql).toList())
          .rules(yaml -> yaml.once("url", "query"));

  private static Sql sql(JsonNode sql) {
    return new Sql(
        sql.path("url").asString(), sql.path("query").asString(), sql.path("equals").asString());
  }

  @Override
  public String name() {
    return "sql";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(ANSWERS);
  }

  @Override
  public List<Finding> judge(History history) {
    return ANSWERS.in(history.drill(), List.of()).stream()
        .map(asked -> judge(history, asked))
        .toList();
  }

  private Finding judge(History history, Sql asked) {
    return Observations.atTheEnd(
            history,
            asked.database(),
            SqlAnswered.class,
            e -> e.query().equals(asked.query()) && e.database().equals(asked.database()))
        .map(answered -> judge(asked, answered))
        .orElseGet(() ->
            Observations.inconclusive(
                history,
                name(),
                asked.database(),
                Sentence.of("nobody asked %s after the fault was undone", asked.query())));
  }

  private Finding judge(Sql asked, SqlAnswered answered) {
    boolean same = asked.equals().equals(answered.answer());
    var said =
        answered.answer() == null ? Sentence.of("nothing") : Sentence.quote(answered.answer());
    return new Finding(
        name(),
        same ? Status.PASS : Status.FAIL,
        number(said.english()),
        number(asked.equals()),
        "",
        same
            ? Sentence.of("%s gives %s", asked.query(), said)
            : Sentence.of("%s gives %s and should give %s", asked.query(), said, asked.equals()),
        List.of(Sentence.of("asked of %s", answered.database())));
  }

  private static @Nullable Double number(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return null; // words are compared too
    }
  }
}
