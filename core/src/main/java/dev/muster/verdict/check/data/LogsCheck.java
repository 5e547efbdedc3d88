package dev.muster.verdict.check.data;

import dev.muster.drill.Drill.Logs;
import dev.muster.drill.expect.ExpectYaml;
import dev.muster.drill.expect.Expectation;
import dev.muster.timeline.Event.LogsCounted;
import dev.muster.verdict.coverage.Observations;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Need;
import dev.muster.verdict.finding.Sample;
import dev.muster.verdict.finding.Sentence;
import dev.muster.verdict.finding.Status;
import dev.muster.verdict.recovery.Recovery;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** As many lines of the log store match a query as the drill allows. */
public final class LogsCheck implements Check {
  public static final Expectation<List<Logs>> LINES =
      Expectation.of(
              "logs",
              """
              {"type": "array",
               "items": {
                 "type": "object", "additionalProperties": false, "required": ["query"],
                 "properties": {
                   "query": {"type": "string", "minLength": 1, "description": "which log lines to count"},
                   "min": {"type": "integer", "minimum": 0, "maximum": 1000000000, "description": "no fewer lines"},
                   "max": {"type": "integer", "minimum": 0, "maximum": 1000000000, "description": "no more lines"}}}}
              """,
              "so many log lines of the run's time match",
              node -> node.valueStream().map(LogsCheck::logs).toList())
          .rules(LogsCheck::rules);

  private static Logs logs(JsonNode logs) {
    return new Logs(logs.path("query").asString(), lines(logs, "min"), lines(logs, "max"));
  }

  private static @Nullable Long lines(JsonNode logs, String field) {
    return logs.has(field) ? logs.path(field).asLong() : null;
  }

  private static void rules(ExpectYaml yaml) {
    yaml.once("query");
    needStore(yaml);
    for (int i = 0; i < yaml.at("").size(); i++) {
      range(yaml, "/" + i);
    }
  }

  static void needStore(ExpectYaml yaml) {
    if (!yaml.watched("elasticsearch")) {
      yaml.refuse("", yaml.field() + " needs a log store: monitor, or observe.elasticsearch");
    }
  }

  private static void range(ExpectYaml yaml, String place) {
    var rule = yaml.at(place);
    var min = rule.path("min");
    var max = rule.path("max");
    if (rule.isObject() && !rule.has("min") && !rule.has("max")) {
      yaml.refuse(place, "a log query needs a \"min\" or a \"max\" to be judged by");
    } else if (min.isNumber() && max.isNumber()) {
      if (min.decimalValue().compareTo(max.decimalValue()) > 0) {
        yaml.refuse(
            place + "/min", "min " + min + " is above max " + max + ": no number meets both");
      }
    } else if (min.isNumber() && min.decimalValue().signum() == 0) {
      yaml.refuse(place + "/min", "any number is at least 0: give a \"max\", or a min above 0");
    }
  }

  @Override
  public String name() {
    return "logs";
  }

  @Override
  public List<Expectation<?>> expects() {
    return List.of(LINES);
  }

  @Override
  public Set<Need> needs() {
    return Set.of(Need.OBSERVER, Need.TIME, Need.CLOCKS);
  }

  @Override
  public List<Finding> judge(History history) {
    return LINES.in(history.drill(), List.of()).stream()
        .map(asked -> judge(history, asked))
        .toList();
  }

  private Finding judge(History history, Logs asked) {
    return Recovery.events(history, LogsCounted.class)
        .filter(e -> e.query().equals(asked.query()))
        .reduce((_, last) -> last)
        .map(counted -> judge(asked, counted))
        .orElseGet(() ->
            Observations.inconclusive(
                history,
                name(),
                Observations.LOGS,
                Sentence.of("nobody asked the log store for %s", asked.query())));
  }

  private Finding judge(Logs asked, LogsCounted counted) {
    var min = asked.min();
    var max = asked.max();
    boolean few = min != null && counted.lines() < min;
    boolean many = max != null && counted.lines() > max;
    var bound = many || min == null ? max : min;
    return new Finding(
        name(),
        few || many ? Status.FAIL : Status.PASS,
        (double) counted.lines(),
        bound == null ? null : bound.doubleValue(),
        "lines",
        few
            ? Sentence.of("%d lines match %s: too few", counted.lines(), asked.query())
            : many
                ? Sentence.of("%d lines match %s: too many", counted.lines(), asked.query())
                : Sentence.of("%d lines match %s", counted.lines(), asked.query()),
        List.of(Sentence.of("from %s to %s", counted.from(), counted.to())),
        Sample.of(counted.lines(), counted.from(), counted.to()));
  }
}
