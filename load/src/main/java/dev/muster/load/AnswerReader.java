package dev.muster.load;

import dev.muster.timeline.Outcome;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges one answer strictly. COMPLETE needs a good finish_reason, usage on the last chunk and, in
 * a stream, {@code [DONE]} with its blank line (DeepSeek's own client treats less as truncation).
 * Not safe for several threads.
 */
final class AnswerReader {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> GOOD = Set.of("stop", "length", "tool_calls");

  private final TokenChain chain;
  private @Nullable String finish;
  private boolean usage;
  private boolean done;
  private @Nullable Outcome failed;
  private @Nullable String detail;

  AnswerReader(String prompt) {
    chain = new TokenChain(prompt);
  }

  /** What an event brought. */
  enum Kind {
    REASONING,
    ANSWER,
    NOTHING
  }

  Kind event(String data) {
    if (data.equals("[DONE]")) {
      done = true;
      return Kind.NOTHING;
    }
    try {
      return chunk(JSON.readTree(data), "delta");
    } catch (JacksonException e) {
      fail(Outcome.MALFORMED, "not JSON: " + shortened(data));
      return Kind.NOTHING;
    }
  }

  /** A plain answer, whole. */
  void body(String text) {
    try {
      chunk(JSON.readTree(text.strip()), "message");
      done = true;
    } catch (JacksonException e) {
      fail(Outcome.MALFORMED, "not JSON: " + shortened(text));
    }
  }

  private Kind chunk(JsonNode chunk, String part) {
    if (chunk.has("error")) {
      fail(
          Outcome.IN_BAND_ERROR,
          chunk.path("error").path("message").asString("error without message"));
      return Kind.NOTHING;
    }
    JsonNode choice = chunk.path("choices").path(0);
    if (choice.path("finish_reason").isString()) {
      finish = choice.path("finish_reason").asString();
    }
    usage |= chunk.path("usage").isObject();
    JsonNode delta = choice.path(part);
    String reasoning = delta.path("reasoning_content").asString("");
    String answer = delta.path("content").asString("");
    if (!reasoning.isEmpty()) {
      chain.accept(reasoning);
    }
    if (!answer.isEmpty()) {
      chain.accept(answer);
    }
    if (!answer.isEmpty()) {
      return Kind.ANSWER;
    }
    return reasoning.isEmpty() ? Kind.NOTHING : Kind.REASONING;
  }

  private void fail(Outcome outcome, String why) {
    if (failed == null) {
      failed = outcome;
      detail = why;
    }
  }

  /** The outcome once the connection has ended in good order. */
  Outcome outcome() {
    if (failed != null) {
      return failed;
    }
    if (finish != null && !GOOD.contains(finish)) {
      fail(Outcome.IN_BAND_ERROR, "finish_reason " + finish);
      return Outcome.IN_BAND_ERROR;
    }
    if (!done || finish == null || !usage) {
      fail(
          Outcome.TRUNCATED,
          "ended without " + (finish == null ? "finish_reason" : done ? "usage" : "[DONE]"));
      return Outcome.TRUNCATED;
    }
    if (chain.broken() != null) {
      fail(Outcome.CORRUPT, chain.broken());
      return Outcome.CORRUPT;
    }
    return Outcome.COMPLETE;
  }

  @Nullable String detail() {
    return detail;
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }
}
