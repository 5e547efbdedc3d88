package dev.muster.load.answer.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/**
 * Recognises a chunk that differs from an earlier one in its text alone, so that it need not be
 * parsed: nearly all chunks of an answer do. Keeps the bytes before and after the text.
 *
 * <p>Why it cannot say anything else than the parser: the earlier chunk was parsed, and its text is
 * the value of exactly one string of it, which lies between the bytes kept; so after the bytes
 * before the text, the last of which is the opening quote, a parser is inside this string. What is
 * accepted as text has no quote, no backslash and no control character, and is UTF-8, for the
 * stream is and the bytes around it are ASCII quotes: to a parser that is the rest of the string,
 * standing for itself. The byte behind it is the closing quote, and from there on the bytes are
 * those of the earlier chunk. Thus both chunks have the same tokens but for this one string, also
 * where names occur twice, and mean the same but for it.
 *
 * <p>Not safe for use by several threads.
 */
public class TextTemplate {
  private static final JsonMapper JSON = new JsonMapper();

  private byte[] before = {};
  private byte[] after = {};
  private boolean reasoning;

  /** Whether the text belongs to the reasoning, else to the answer. */
  public boolean reasoning() {
    return reasoning;
  }

  /** Whether these bytes, which are UTF-8, are such a chunk with a text that is not empty. */
  public boolean matches(byte[] bytes, int from, int to) {
    int textFrom = textFrom(from);
    int textTo = textTo(to);
    return before.length > 0
        && textFrom < textTo
        && Arrays.equals(bytes, from, textFrom, before, 0, before.length)
        && Arrays.equals(bytes, textTo, to, after, 0, after.length)
        && standsForItself(bytes, textFrom, textTo);
  }

  /** Where the text begins in a chunk that matches and begins there. */
  public int textFrom(int from) {
    return from + before.length;
  }

  /** Where the text ends in a chunk that matches and ends there. */
  public int textTo(int to) {
    return to - after.length;
  }

  /**
   * Takes a chunk as the new template. If its text cannot be told from its other strings, or is
   * spelled with escapes, the template stays as it was.
   *
   * @param delta what the parser found in it: one text
   */
  public void learn(byte[] bytes, int from, int to, Delta delta) {
    var text = delta.reasoning() + delta.content();
    int quote = only(bytes, from, to, text);
    int end = quote + 1;
    while (end < to && bytes[end] != '"') {
      end++;
    }
    boolean found =
        quote >= from
            && quote < end
            && end < to
            && bytes[quote] == '"'
            && standsForItself(bytes, quote + 1, end)
            && text.equals(new String(bytes, quote + 1, end - quote - 1, UTF_8));
    if (found) {
      before = Arrays.copyOfRange(bytes, from, quote + 1);
      after = Arrays.copyOfRange(bytes, end, to);
      reasoning = delta.content().isEmpty();
    }
  }

  /** Index of the opening quote of the only string value that is this text; else -1. */
  private static int only(byte[] bytes, int from, int to, String text) {
    int found = -1;
    try (var parser = JSON.createParser(bytes, from, to - from)) {
      for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING) {
          int at = from + (int) parser.currentTokenLocation().getByteOffset();
          if (parser.getString().equals(text)) {
            if (found >= 0) {
              return -1;
            }
            found = at;
          }
        }
      }
      return found;
    } catch (JacksonException e) {
      return -1;
    }
  }

  private static boolean standsForItself(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte b = bytes[i];
      if ((b >= 0 && b < 0x20) || b == '"' || b == '\\') {
        return false;
      }
    }
    return true;
  }
}
