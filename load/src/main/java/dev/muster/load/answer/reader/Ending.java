package dev.muster.load.answer.reader;

import dev.muster.load.answer.AnswerRules;
import dev.muster.load.answer.Flaws;
import dev.muster.timeline.Outcome;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How an answer says that it has ended: its finish_reason and its usage. Not safe for use by
 * several threads.
 */
final class Ending {
  /**
   * The model was through, or was stopped on purpose: by the limit of tokens or by a filter that
   * the client's own text called for. Losing a node does neither.
   */
  private static final Set<String> GOOD =
      Set.of("stop", "length", "tool_calls", "function_call", "content_filter");

  private static final Set<String> BACKEND_FAILED =
      Set.of("insufficient_system_resource", "abort", "aborted", "error");

  private final AnswerRules.Usage rule;
  private final Flaws flaws;
  private @Nullable String finishReason;
  private int claimedTokens = -1;

  Ending(AnswerRules.Usage rule, Flaws flaws) {
    this.rule = rule;
    this.flaws = flaws;
  }

  /** Null as long as none came. */
  @Nullable String finishReason() {
    return finishReason;
  }

  /** How many tokens the service says it sent; below 0 if it did not say. */
  int claimedTokens() {
    return claimedTokens;
  }

  /**
   * A chunk or a whole answer.
   *
   * @param choice its first one, missing if it has none
   * @param adds whether the choice adds anything to the answer
   */
  void read(JsonNode carrier, JsonNode choice, boolean adds) {
    var reason = choice.path("finish_reason").asString("");
    var usage = carrier.path("usage");
    if (finishReason != null && !choice.isMissingNode()) {
      // usage may ride on a choice that says nothing new
      boolean repeats = reason.isEmpty() || reason.equals(finishReason);
      if (adds || !repeats || !usage.isObject()) {
        flaws.add(Outcome.MALFORMED, "a chunk after finish_reason " + finishReason);
      }
    }
    if (!reason.isEmpty()) {
      finish(reason);
    }
    // DeepSeek counts beside finish_reason, OpenAI and vLLM in a chunk of its own after it
    var counted = usage.path("completion_tokens");
    if (finishReason != null && counted.isNumber()) {
      claimedTokens = counted.asInt(-1);
    }
  }

  /**
   * The stream has ended as HTTP wants it.
   *
   * @param done whether with {@code [DONE]}
   * @param where more words on where it stopped, or none
   */
  void ofStream(boolean done, String where) {
    if (finishReason == null) {
      var what =
          done ? "[DONE] without a finish_reason" : "the stream ended without a finish_reason";
      flaws.add(Outcome.TRUNCATED, what + where);
    } else if (!done) {
      flaws.add(
          Outcome.TRUNCATED,
          "finish_reason "
              + finishReason
              + ", but the stream ended without a terminated [DONE]"
              + where);
    }
  }

  /**
   * Compares the end with what came before it.
   *
   * @param whole whether everything came that there was to come
   * @param anyText whether the answer had any text or tool call
   */
  void compare(boolean whole, boolean anyText) {
    if (finishReason == null || !GOOD.contains(finishReason)) {
      return;
    }
    if (whole && claimedTokens < 0 && rule == AnswerRules.Usage.REQUIRED) {
      flaws.add(Outcome.MALFORMED, "finish_reason " + finishReason + ", and no usage");
    }
    if (!anyText) {
      flaws.add(Outcome.TRUNCATED, "finish_reason " + finishReason + ", and not one token");
    }
  }

  private void finish(String reason) {
    finishReason = GOOD.contains(reason) ? reason : Flaws.clip(reason, 80);
    if (BACKEND_FAILED.contains(reason)) {
      flaws.add(Outcome.IN_BAND_ERROR, "finish_reason " + reason);
    } else if (!GOOD.contains(reason)) {
      flaws.add(Outcome.TRUNCATED, "finish_reason " + reason);
    }
  }
}
