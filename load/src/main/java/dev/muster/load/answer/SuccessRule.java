package dev.muster.load.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.drill.Success;
import dev.muster.timeline.Outcome;
import java.time.Instant;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether the body of an answer is as the drill wants it. Its status and its time are judged by
 * whoever knows them.
 */
public record SuccessRule(Success success) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A whole answer. */
  public Answer judge(byte[] body, Instant at) {
    var flaws = new Flaws();
    var contains = success.contains();
    if (contains != null || !success.json().isEmpty()) {
      var text = new String(body, UTF_8);
      if (contains != null && !text.contains(contains)) {
        flaws.add(
            Outcome.MALFORMED, "the answer does not contain \"%s\": %s".formatted(contains, text));
      }
      if (!success.json().isEmpty()) {
        json(body, text, flaws);
      }
    }
    return flaws.wholeAnswer();
  }

  private void json(byte[] body, String text, Flaws flaws) {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JacksonException e) {
      flaws.add(Outcome.MALFORMED, "the answer is not JSON: " + text);
      return;
    }
    success
        .json()
        .forEach((pointer, wanted) -> {
          var there = json.at(JsonPointer.compile(pointer));
          JsonNode want = JSON.valueToTree(wanted);
          if (!same(there, want)) {
            flaws.add(
                Outcome.MALFORMED,
                "%s is %s, not %s"
                    .formatted(pointer.isEmpty() ? "the answer" : pointer, told(there), want));
          }
        });
  }

  /** 1 and 1.0 are the same number. */
  private static boolean same(JsonNode there, JsonNode wanted) {
    return (there.isNumber() && wanted.isNumber())
        ? there.decimalValue().compareTo(wanted.decimalValue()) == 0
        : there.equals(wanted);
  }

  private static String told(JsonNode there) {
    return there.isMissingNode() ? "not there" : there.toString();
  }
}
