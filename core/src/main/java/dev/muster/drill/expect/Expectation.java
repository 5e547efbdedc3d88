package dev.muster.drill.expect;

import dev.muster.drill.Drill;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.NumberText;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a drill file can say below {@code expect}, and how it is read: schema, rules, help and the
 * reader come of it. Immutable but for {@code schema}, which nobody changes.
 *
 * @param name of the field
 * @param place of the value in it, as a JSON pointer: {@code /within}; empty where it is the value
 * @param schema of the field, in words of JSON Schema; {@code $defs} are the drill's
 * @param reader of what schema and rules have accepted
 * @param bound what the value is to be compared with
 * @param times fields of each entry that are times, where the value is a list
 * @param clients only clients can tell: it needs a load
 * @param rules what must hold besides, of a drill that is to be run and names the field
 */
public record Expectation<T>(
    String name,
    String place,
    ObjectNode schema,
    Function<JsonNode, T> reader,
    Bound bound,
    List<String> times,
    boolean clients,
    Consumer<ExpectYaml> rules) {

  /** By it those bounds are refused that every run would meet, or none. */
  public enum Bound {
    OTHER,
    /** A time that is compared with what took place. */
    TIME,
    /** As {@link #TIME}, of something that takes some. */
    DEADLINE,
    /** A time of something that takes some, for which a run waits. */
    WAITED,
    /** How many requests. */
    REQUESTS
  }

  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * Any value.
   *
   * @param schema as JSON, without the description
   */
  public static <T> Expectation<T> of(
      String name, String schema, String meaning, Function<JsonNode, T> reader) {
    ObjectNode whole = ((ObjectNode) JSON.readTree(schema)).put("description", meaning);
    return new Expectation<>(name, "", whole, reader, Bound.OTHER, List.of(), false, _ -> {});
  }

  /** {@code name: {within: 60s}}. */
  public static Expectation<Duration> within(String name, String meaning) {
    return deadline(name, meaning, "within", "a duration such as 60s");
  }

  public static Expectation<Duration> deadline(
      String name, String meaning, String word, String counted) {
    return single(name, meaning, true, Field.duration(word, counted), Expectation::duration)
        .bound(Bound.DEADLINE);
  }

  /** {@code name: {max: 3m}}. */
  public static Expectation<Duration> longest(String name, String meaning) {
    Field max = Field.duration("max", "a duration such as 3m");
    return single(name, meaning, true, max, Expectation::duration).bound(Bound.TIME);
  }

  /** {@code name: {min: 99%}}, read in percent. */
  public static Expectation<Double> share(String name, String meaning) {
    Field min = Field.defined("min", "percent", "a percentage such as 99%");
    return single(
        name,
        meaning,
        true,
        min,
        node -> Objects.requireNonNull(NumberText.percent(node.asString())));
  }

  /** {@code name: {max: 0}}, with another word than {@code max} where that says more. */
  public static Expectation<Long> requests(String name, String meaning, String word) {
    Field max = Field.whole(word, 0, 1_000_000_000, "a number of requests");
    return single(name, meaning, true, max, JsonNode::asLong).bound(Bound.REQUESTS);
  }

  /** {@code name: word}. */
  public static Expectation<Boolean> word(String name, String meaning, String word) {
    return new Expectation<>(
        name,
        "",
        Field.word(name, meaning, word).schema(),
        _ -> true,
        Bound.OTHER,
        List.of(),
        false,
        _ -> {});
  }

  /** {@code group: {name: word}}; others of the group mean the same by it. */
  public static Expectation<Boolean> word(String group, String means, Field field) {
    return single(group, means, false, field, _ -> true);
  }

  private static <T> Expectation<T> single(
      String name, String meaning, boolean required, Field field, Function<JsonNode, T> reader) {
    ObjectNode schema =
        JSON.createObjectNode()
            .put("description", meaning)
            .put("type", "object")
            .put("additionalProperties", false);
    if (required) {
      schema.putArray("required").add(field.name());
    } else {
      schema.put("minProperties", 1);
    }
    field.into(schema.putObject("properties"));
    return new Expectation<>(
        name, "/" + field.name(), schema, reader, Bound.OTHER, List.of(), false, _ -> {});
  }

  private static Duration duration(JsonNode node) {
    return DurationText.parse(node.asString()).orElseThrow();
  }

  private Expectation<T> bound(Bound by) {
    return new Expectation<>(name, place, schema, reader, by, times, clients, rules);
  }

  /**
   * A run waits for it.
   *
   * @param fields of each entry that are times, where it is a list
   */
  public Expectation<T> waited(String... fields) {
    return new Expectation<>(
        name, place, schema, reader, Bound.WAITED, List.of(fields), clients, rules);
  }

  public Expectation<T> ofClients() {
    return new Expectation<>(name, place, schema, reader, bound, times, true, rules);
  }

  public Expectation<T> rules(Consumer<ExpectYaml> own) {
    return new Expectation<>(name, place, schema, reader, bound, times, clients, own);
  }

  /** What a drill asks; null where it does not. */
  @SuppressWarnings("unchecked") // by the same reader
  public @Nullable T in(Drill drill) {
    return (T) drill.expect().asked().get(name + place);
  }

  public T in(Drill drill, T otherwise) {
    T asked = in(drill);
    return asked == null ? otherwise : asked;
  }

  public boolean isIn(Drill drill) {
    return drill.expect().asked().containsKey(name + place);
  }

  /** The fields of the schema with this one. */
  public void into(ObjectNode fields) {
    ObjectNode there = (ObjectNode) fields.get(name);
    if (there == null) {
      fields.set(name, schema.deepCopy());
      return;
    }
    ObjectNode both = (ObjectNode) there.get("properties");
    schema
        .path("properties")
        .properties()
        .forEach(own -> {
          if (both == null || both.has(own.getKey())) {
            throw new IllegalStateException("two checks ask for \"" + name + place + "\"");
          }
          both.set(own.getKey(), own.getValue().deepCopy());
        });
  }

  /** Pointers of the values that {@code bound} is about, there or not. */
  public Stream<String> places(JsonNode drill) {
    String value = "/expect/" + name + place;
    return times.isEmpty()
        ? Stream.of(value)
        : IntStream.range(0, drill.at(value).size())
            .boxed()
            .flatMap(i -> times.stream().map(time -> value + "/" + i + "/" + time));
  }
}
