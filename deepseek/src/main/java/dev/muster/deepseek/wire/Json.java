package dev.muster.deepseek.wire;

import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON in both directions. Writing is by hand: start-up of six JVMs on two cores is felt. */
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.shared();

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
