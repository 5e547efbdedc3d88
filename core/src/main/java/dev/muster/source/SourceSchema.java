package dev.muster.source;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON Schema of files that people write, and what its errors mean in a person's words. */
public final class SourceSchema {
  /** Letters of what somebody wrote that are told again. */
  private static final int LONGEST = 120;

  /** With the word by which editors show what each of several values means. */
  private static final Dialect DIALECT =
      Dialect.builder(Dialects.getDraft202012())
          .keyword(new NonValidationKeyword("enumDescriptions"))
          .build();

  private final String whole;
  private final String text;
  private final JsonNode keywords;
  private final Schema schema;

  private SourceSchema(String text, String whole) {
    this.whole = whole;
    this.text = text;
    this.keywords = JsonMapper.shared().readTree(text);
    this.schema = SchemaRegistry.withDialect(DIALECT).getSchema(keywords);
  }

  /**
   * @param resource beside the class
   * @param whole what such a file is, for messages: {@code a drill}
   */
  public static SourceSchema of(Class<?> beside, String resource, String whole) {
    return of(load(beside, resource), whole);
  }

  /** Of the schema's own text. */
  public static SourceSchema of(String text, String whole) {
    return new SourceSchema(text, whole);
  }

  public String text() {
    return text;
  }

  public List<Problem> problems(SourceTree tree) {
    return schema.validate(tree.root()).stream().map(error -> problem(tree, error)).toList();
  }

  private Problem problem(SourceTree tree, Error error) {
    var pointer = error.getInstanceLocation().toString();
    var where = pointer.isEmpty() ? whole : words(pointer);
    var keyword = keywords.at(error.getSchemaLocation().getFragment().toString());
    var around = keywords.at(parent(error.getSchemaLocation().getFragment().toString()));
    return switch (error.getKeyword()) {
      case "additionalProperties" -> {
        var name = error.getProperty();
        yield tree.atKey(
            pointer + "/" + name.replace("~", "~0").replace("/", "~1"),
            "unknown field \"" + clip(name) + "\" in " + where + suggestion(name, names(around)));
      }
      case "required" -> {
        var name = error.getProperty();
        var meant = around.path("properties").path(name).path("description").asString("");
        yield tree.at(
            pointer,
            where + " lacks \"" + name + "\"" + (meant.isEmpty() ? "" : " (" + meant + ")"));
      }
      case "enum" -> {
        var known = keyword.valueStream().map(JsonNode::asString).toList();
        yield tree.at(
            pointer, where + " can not be " + written(tree, error) + choice(tree, pointer, known));
      }
      case "const" ->
          tree.at(
              pointer,
              where
                  + " can not be "
                  + written(tree, error)
                  + "; it must be \""
                  + keyword.asString()
                  + "\"");
      case "pattern" ->
          tree.at(
              pointer,
              where + ": " + written(tree, error) + " is not " + around.path("title").asString());
      case "type" -> {
        var meant =
            pointer.isEmpty()
                ? whole + " is a mapping that begins with " + first(around) + " …"
                : where + " must be " + kinds(keyword, around);
        yield tree.at(pointer, meant + ", not " + written(tree, error));
      }
      case "minimum" ->
          tree.at(
              pointer,
              where + " must be at least " + keyword.asString() + ", not " + written(tree, error));
      case "maximum" ->
          tree.at(
              pointer,
              where + " must be at most " + keyword.asString() + ", not " + written(tree, error));
      case "minItems", "minProperties", "minLength" ->
          tree.at(pointer, where + " must not be empty" + offered(around));
      case "maxItems" ->
          tree.at(pointer, where + " may have at most " + keyword.asString() + " entries");
      case "maxProperties" ->
          tree.at(pointer, where + " takes only one of its kind" + offered(around));
      case "uniqueItems" -> tree.at(pointer, where + " names something twice");
      default -> tree.at(pointer, where + ": " + error.getMessage());
    };
  }

  /** {@code /faults/0/ttl} as {@code faults[0].ttl}. */
  public static String words(String pointer) {
    return clip(pointer)
        .substring(1)
        .replaceAll("/([0-9]+)(?=/|$)", "[$1]")
        .replace("/", ".")
        .replace("~1", "/")
        .replace("~0", "~");
  }

  private static String written(SourceTree tree, Error error) {
    var node = error.getInstanceNode();
    var text = tree.text(error.getInstanceLocation().toString());
    if (node.isNull()) {
      return "empty";
    }
    return text != null ? "\"" + clip(text) + "\"" : node.isArray() ? "a list" : "a mapping";
  }

  /** On one line, and no longer than a line. */
  static String clip(String text) {
    var line = text.replaceAll("\\p{Cntrl}+|\\u2028|\\u2029", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  private static String choice(SourceTree tree, String pointer, List<String> known) {
    var text = tree.text(pointer);
    return text == null ? "; known: " + String.join(", ", known) : suggestion(text, known);
  }

  private static String suggestion(String written, Collection<String> known) {
    return NearestName.to(written, known)
        .map(name -> "; did you mean \"" + name + "\"?")
        .orElse("; known: " + String.join(", ", known));
  }

  private static String offered(JsonNode schema) {
    var names = names(schema);
    return names.isEmpty() ? "" : "; known: " + String.join(", ", names);
  }

  private static Collection<String> names(JsonNode schema) {
    return schema.path("properties").propertyNames();
  }

  private static String first(JsonNode schema) {
    return names(schema).stream().limit(2).collect(Collectors.joining(", "));
  }

  private static String kinds(JsonNode type, JsonNode schema) {
    if (schema.has("title")) {
      return schema.path("title").asString();
    }
    return (type.isArray() ? type.valueStream() : List.of(type).stream())
        .map(kind ->
            switch (kind.asString()) {
              case "object" -> "a mapping";
              case "array" -> "a list";
              case "string" -> "a text";
              case "integer" -> "a whole number";
              case "boolean" -> "true or false";
              default -> "a " + kind.asString();
            })
        .collect(Collectors.joining(" or "));
  }

  private static String parent(String pointer) {
    return pointer.substring(0, Math.max(0, pointer.lastIndexOf('/')));
  }

  /** The text of a resource beside a class. */
  public static String load(Class<?> beside, String resource) {
    try (var in = beside.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
