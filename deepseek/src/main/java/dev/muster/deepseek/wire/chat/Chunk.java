package dev.muster.deepseek.wire.chat;

import dev.muster.deepseek.wire.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One chunk of a streamed answer as the bytes that came. A gateway passes thousands of them on each
 * second, so what it wants to know of one is found by its form, which is mostly that of the chunk
 * before with another text in it. It is parsed only where it is odd, the first or the last.
 */
public final class Chunk {
  private static final byte[] ERROR = ascii("{\"error\"");
  private static final byte[] ID = ascii("{\"id\":\"");
  private static final byte[] CREATED = ascii("\"created\":");
  private static final byte[] FINISHED = ascii("\"finish_reason\":\"");
  private static final byte[] CONTENT = ascii("\"content\":\"");
  private static final byte[] REASONING = ascii("\"reasoning_content\":\"");

  private final byte[] json;
  private final boolean last;
  private final Text content;
  private final Text reasoning;
  private final int tokens;
  private final int prompt;

  /** Where a text stands, without its quotes and as JSON has it; empty where there is none. */
  private record Text(int from, int to) {
    static final Text NONE = new Text(0, 0);

    boolean isEmpty() {
      return from == to;
    }
  }

  /**
   * @param json kept as it is: nobody may change it
   */
  public Chunk(byte[] json) {
    this(json, null);
  }

  /**
   * @param before the chunk before it, if any
   */
  public Chunk(byte[] json, @Nullable Chunk before) {
    this(json, before, 1, 0);
  }

  /**
   * A chunk of an engine that counts for itself.
   *
   * @param tokens that its text stands for
   * @param prompt tokens of the request's messages; 0 where that is not told
   */
  public Chunk(byte[] json, int tokens, int prompt) {
    this(json, null, tokens, prompt);
  }

  private Chunk(byte[] json, @Nullable Chunk before, int tokens, int prompt) {
    this.json = json;
    this.tokens = tokens;
    this.prompt = prompt;
    var same = before == null ? null : sameButText(before);
    if (before == null || same == null) {
      // quotes inside of tokens are escaped, so only the chunk that ends an answer has this
      last = find(FINISHED) >= 0;
      content = text(CONTENT);
      reasoning = text(REASONING);
    } else {
      last = false;
      content = before.content.isEmpty() ? Text.NONE : same;
      reasoning = before.content.isEmpty() ? same : Text.NONE;
    }
  }

  /** Not to be changed. */
  public byte[] json() {
    return json;
  }

  /**
   * @throws tools.jackson.core.JacksonException if the bytes are not JSON
   */
  public JsonNode parse() {
    return Json.parse(json);
  }

  /** The answer's id. It is looked for where services write it first, and parsed where not. */
  public String id() {
    int from = ID.length;
    int to = quote(from);
    boolean plain = isAt(ID, 0);
    for (int i = from; i < to; i++) {
      plain &= json[i] != '\\';
    }
    return plain
        ? new String(json, from, to - from, StandardCharsets.UTF_8)
        : parse().path("id").asString("");
  }

  /** Seconds since the epoch; 0 where it tells none. */
  public long created() {
    int at = find(CREATED);
    int from = at + CREATED.length;
    int to = from;
    long seconds = 0;
    while (at >= 0 && to < json.length && json[to] >= '0' && json[to] <= '9') {
      seconds = 10 * seconds + json[to++] - '0';
    }
    boolean plain = to > from && to < json.length && (json[to] == ',' || json[to] == '}');
    return plain ? seconds : parse().path("created").asLong(0);
  }

  /** Whether it is an error instead of a chunk. */
  public boolean error() {
    return isAt(ERROR, 0);
  }

  /** Tokens that its text stands for, where it has any. */
  public int tokens() {
    return tokens;
  }

  /** Tokens of the request's messages; 0 where the worker tells them only at the end. */
  public int prompt() {
    return prompt;
  }

  /** Whether it ends the answer. */
  public boolean last() {
    return last;
  }

  /**
   * Appends the answer's text as JSON has it, escapes included.
   *
   * @return false where there is none
   */
  public boolean appendContent(ByteArrayOutputStream to) {
    return append(content, to);
  }

  /** The same of the thinking. */
  public boolean appendReasoning(ByteArrayOutputStream to) {
    return append(reasoning, to);
  }

  private boolean append(Text text, ByteArrayOutputStream to) {
    to.write(json, text.from(), text.to() - text.from());
    return !text.isEmpty();
  }

  /** The text that takes the place of the one before; null where anything else differs too. */
  private @Nullable Text sameButText(Chunk before) {
    if (before.last || before.content.isEmpty() == before.reasoning.isEmpty()) {
      return null; // the end, or no text, or two
    }
    var old = before.content.isEmpty() ? before.reasoning : before.content;
    int from = old.from();
    if (json.length < from || !Arrays.equals(json, 0, from, before.json, 0, from)) {
      return null;
    }
    int to = quote(from);
    return Arrays.equals(json, to, json.length, before.json, old.to(), before.json.length)
        ? new Text(from, to)
        : null;
  }

  private Text text(byte[] field) {
    int at = find(field);
    int from = at + field.length;
    return at < 0 ? Text.NONE : new Text(from, quote(from));
  }

  /** Where the string ends that is open here. */
  private int quote(int from) {
    var bytes = json;
    int i = from;
    while (i < bytes.length && bytes[i] != '"') {
      i += bytes[i] == '\\' ? 2 : 1;
    }
    return Math.min(i, bytes.length);
  }

  private int find(byte[] what) {
    var bytes = json;
    byte first = what[0];
    for (int i = 0; i <= bytes.length - what.length; i++) {
      if (bytes[i] == first && isAt(what, i)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isAt(byte[] what, int place) {
    int end = place + what.length;
    return end <= json.length && Arrays.equals(json, place, end, what, 0, what.length);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }
}
