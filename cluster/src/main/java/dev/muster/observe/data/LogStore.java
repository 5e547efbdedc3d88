package dev.muster.observe.data;

import dev.muster.observe.ObservationException;
import dev.muster.observe.ask.JsonApi;
import dev.muster.timeline.Trace;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A log store that speaks Elasticsearch's search API, and its indices {@code logs-*}. */
final class LogStore {
  private static final String COUNT = "/logs-*/_count";
  private static final String SEARCH = "/logs-*/_search";

  /** Half of what an index gives for one search unless it is told otherwise. */
  private static final int PAGE = 5_000;

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final List<String> FIELDS =
      List.of(
          "@timestamp",
          "node",
          "pod",
          "component",
          "request_id",
          "worker",
          "outcome",
          "message",
          "path");

  private static final JsonMapper MAPPER = new JsonMapper();

  private final JsonApi api;

  LogStore(JsonApi api) {
    this.api = api;
  }

  /** All lines from {@code from} until before {@code to}. */
  long count(Instant from, Instant to) {
    return counted(bool(from, to));
  }

  /** Those that match, in the words of Lucene. */
  long count(String query, Instant from, Instant to) {
    var bool = bool(from, to);
    bool.withArrayProperty("must").addObject().putObject("query_string").put("query", query);
    return counted(bool);
  }

  /** All lines that tell of a request, whatever wrote them. */
  List<Trace> requests(Instant from, Instant to) {
    var lines = new ArrayList<Trace>();
    requests(from, to, lines);
    return List.copyOf(lines);
  }

  /** A span with more lines than one answer holds is read in halves. */
  private void requests(Instant from, Instant to, List<Trace> into) {
    var bool = withRequest(bool(from, to));
    var span = Duration.between(from, to);
    if (counted(bool) > PAGE && span.compareTo(SHORTEST) > 0) {
      var middle = from.plus(span.dividedBy(2));
      requests(from, middle, into);
      requests(middle, to, into);
      return;
    }
    var asked = MAPPER.createObjectNode().put("size", 2 * PAGE);
    asked.set("query", query(bool));
    FIELDS.forEach(asked.putArray("_source")::add);
    for (var hit : api.post(SEARCH, asked).at("/hits/hits")) {
      if (ofModel(hit.path("_source"))) {
        into.add(trace(hit));
      }
    }
  }

  /** An ingress also tells of health checks, to which it gives ids of its own. */
  private static boolean ofModel(JsonNode line) {
    var path = text(line, "path");
    return path.isEmpty() || path.contains("/completions");
  }

  private long counted(ObjectNode bool) {
    var asked = MAPPER.createObjectNode();
    asked.set("query", query(bool));
    var told = api.post(COUNT, asked).path("count");
    if (!told.isNumber()) {
      throw new ObservationException("the log store asked for " + COUNT + " tells no count");
    }
    return told.asLong();
  }

  private static ObjectNode query(ObjectNode bool) {
    var query = MAPPER.createObjectNode();
    query.set("bool", bool);
    return query;
  }

  private static ObjectNode bool(Instant from, Instant to) {
    var bool = MAPPER.createObjectNode();
    bool.withArrayProperty("filter")
        .addObject()
        .putObject("range")
        .putObject("@timestamp")
        .put("gte", from.toString())
        .put("lt", to.toString());
    return bool;
  }

  private static ObjectNode withRequest(ObjectNode bool) {
    bool.withArrayProperty("filter").addObject().putObject("exists").put("field", "request_id");
    return bool;
  }

  private static Trace trace(JsonNode hit) {
    var line = hit.path("_source");
    return new Trace(
        text(line, "request_id"),
        Trace.Source.LOG,
        hit.path("_id").asString(""),
        instant(text(line, "@timestamp")),
        text(line, "component"),
        text(line, "pod"),
        text(line, "node"),
        text(line, "worker"),
        text(line, "outcome"),
        text(line, "message"),
        1);
  }

  private static String text(JsonNode line, String field) {
    return line.path(field).asString("");
  }

  private static @Nullable Instant instant(String text) {
    try {
      return text.isEmpty() ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
