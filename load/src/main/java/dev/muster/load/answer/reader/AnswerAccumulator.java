package dev.muster.load.answer.reader;

import dev.muster.load.answer.Answer;
import dev.muster.load.answer.Flaws;
import dev.muster.load.answer.text.TokenTimes;
import dev.muster.timeline.Outcome;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What has come of one answer, whatever the names by which its API tells it. Not safe for use by
 * several threads.
 */
final class AnswerAccumulator {
  private final Flaws flaws = new Flaws();
  private final TokenTimes times = new TokenTimes();
  private @Nullable String finishReason;
  private int claimed = -1;

  Flaws flaws() {
    return flaws;
  }

  /** Text, if it is one and not empty. */
  void text(boolean reasoning, JsonNode text, Instant at) {
    if (text.isString() && !text.asString().isEmpty()) {
      piece(reasoning, at);
    }
  }

  /** A piece of reasoning, or of the answer, as which a tool call counts. */
  void piece(boolean reasoning, Instant at) {
    if (finishReason != null) {
      flaws.add(Outcome.MALFORMED, "more of the answer after its end, " + finishReason);
    }
    times.add(reasoning, !reasoning, at);
  }

  /**
   * @param usage of the answer, with its {@code output_tokens}
   */
  void usage(JsonNode usage) {
    var counted = usage.path("output_tokens");
    claimed = counted.isNumber() ? counted.asInt(-1) : claimed;
  }

  /**
   * The answer says that it has ended.
   *
   * @param reason in its own word
   * @param good whether with that it is complete
   */
  void finish(String reason, boolean good) {
    finishReason = Flaws.clip(reason, 80);
    if (!good) {
      flaws.add(Outcome.TRUNCATED, "the answer ended with " + finishReason);
    }
  }

  boolean finished() {
    return finishReason != null;
  }

  /**
   * @param whole whether everything came that there was to come
   */
  Answer answer(boolean whole) {
    if (whole && finishReason != null) {
      if (claimed < 0) {
        flaws.add(Outcome.MALFORMED, finishReason + ", and no usage");
      }
      if (times.pieces() == 0) {
        flaws.add(Outcome.TRUNCATED, finishReason + ", and not one token");
      }
    }
    boolean byChunk = claimed < 0 || flaws.outcome() != null;
    return new Answer(
        Objects.requireNonNullElse(flaws.outcome(), Outcome.COMPLETE),
        flaws.detail(),
        times.firstReasoning(),
        times.firstAnswer(),
        times.last(),
        byChunk ? times.pieces() : claimed,
        byChunk && times.pieces() > 0,
        times.longestGapMillis(),
        false,
        finishReason);
  }
}
