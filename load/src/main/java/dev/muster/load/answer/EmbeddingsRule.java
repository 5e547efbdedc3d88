package dev.muster.load.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.timeline.Outcome;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Embeddings are complete with one for each input, each of them numbers: a list, or their bytes in
 * base64. A number that is none (not finite, null) shows a model that has gone wrong.
 *
 * @param inputs so many were asked for
 */
public record EmbeddingsRule(int inputs) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A whole answer. */
  public Answer judge(byte[] body, Instant at) {
    var flaws = new Flaws();
    try {
      read(JSON.readTree(body), flaws);
    } catch (UnexpectedEndOfInputException e) {
      flaws.add(Outcome.TRUNCATED, "the answer ends inside its JSON");
    } catch (JacksonException e) {
      flaws.add(Outcome.MALFORMED, "the answer is not JSON: " + new String(body, UTF_8));
    }
    return flaws.wholeAnswer();
  }

  private void read(JsonNode json, Flaws flaws) {
    var words = ServerErrors.ofChunk(json);
    if (words != null) {
      flaws.addWords(Outcome.IN_BAND_ERROR, words);
      return;
    }
    var data = json.path("data");
    if (!data.isArray()) {
      flaws.add(Outcome.MALFORMED, "the answer has no list \"data\": " + json);
    } else if (data.size() != inputs) {
      var outcome = data.size() < inputs ? Outcome.TRUNCATED : Outcome.MALFORMED;
      flaws.add(outcome, "%d embeddings to %d inputs".formatted(data.size(), inputs));
    }
    for (int i = 0; i < data.size(); i++) {
      var wrong = wrong(data.path(i).path("embedding"));
      if (wrong != null) {
        flaws.add(Outcome.MALFORMED, "embedding %d %s".formatted(i, wrong));
      }
    }
  }

  private static @Nullable String wrong(JsonNode embedding) {
    if (embedding.isString()) {
      return bytes(embedding.asString()) > 0 ? null : "is not numbers in base64";
    }
    if (embedding.isEmpty() || !embedding.isArray()) {
      return "has no numbers";
    }
    for (int i = 0; i < embedding.size(); i++) {
      var number = embedding.path(i);
      if (!number.isNumber() || !Double.isFinite(number.asDouble())) {
        return "has %s in place %d, which is no number".formatted(number, i);
      }
    }
    return null;
  }

  private static int bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }
}
