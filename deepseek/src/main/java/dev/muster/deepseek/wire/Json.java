package dev.muster.deepseek.wire;

import java.io.StringWriter;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON in both directions. What is written is written field by field, without the databind that six
 * JVMs would feel in their start-up on two cores; what is written for each token is text ({@link
 * Chunks}).
 */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.shared();
  private static final JsonFactory FACTORY = new JsonFactory();

  private Json() {}

  /**
   * @throws tools.jackson.core.JacksonException if the bytes are not JSON
   */
  public static JsonNode parse(byte[] utf8) {
    return MAPPER.readTree(utf8);
  }

  /**
   * @throws tools.jackson.core.JacksonException if the text is not JSON
   */
  public static JsonNode parse(String text) {
    return MAPPER.readTree(text);
  }

  /** An object with the fields that are written into it, in their order. */
  public static String object(Consumer<JsonGenerator> fields) {
    var text = new StringWriter();
    try (var json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      fields.accept(json);
      json.writeEndObject();
    }
    return text.toString();
  }

  /** A field that is JSON already. */
  public static void raw(JsonGenerator json, String name, String value) {
    json.writeName(name);
    json.writeRawValue(value);
  }

  /** The text as a JSON string with its quotes. */
  public static String quote(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        return escaped(text);
      }
    }
    return '"' + text + '"';
  }

  private static String escaped(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(text)) + '"';
  }
}
