package dev.muster.load;

import dev.muster.timeline.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Judges one answer, streamed or whole. An answer is complete only with a good finish_reason, usage
 * on the chunk that has it, and a terminated {@code [DONE]}; everything short of that is the
 * outcome that names what is missing.
 *
 * <p>Does no I/O. Not safe for use by several threads.
 */
final class AnswerReader {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> GOOD = Set.of("stop", "length", "tool_calls");
  private static final Set<String> BACKEND_FAILED =
      Set.of("insufficient_system_resource", "aborted");

  private final TokenChain chain;
  private @Nullable Outcome failure;
  private @Nullable String detail;
  private @Nullable String finishReason;
  private int claimedTokens = -1;
  private boolean done;
  private int textPieces;
  private @Nullable Instant firstReasoning;
  private @Nullable Instant firstAnswer;
  private @Nullable Instant last;
  private Duration longestGap = Duration.ZERO;

  /**
   * @param lastUserContent content of the request's last message whose role is user
   */
  AnswerReader(String lastUserContent) {
    chain = new TokenChain(lastUserContent);
  }

  /** The next event of a stream, with the moment at which its last byte came. */
  void event(SseEvent event, Instant at) {
    if (done) {
      fail(Outcome.MALFORMED, "an event after [DONE]: " + clip(event.data()));
    } else if (event.data().equals("[DONE]")) {
      done = true;
    } else {
      try {
        chunk(JSON.readTree(event.data()), at);
      } catch (JacksonException e) {
        fail(Outcome.MALFORMED, "an event that is not JSON: " + clip(event.data()));
      }
    }
  }

  /** The stream has ended. */
  Answer endOfStream() {
    if (finishReason == null) {
      fail(
          Outcome.TRUNCATED,
          done ? "[DONE] without a finish_reason" : "the stream ended without a finish_reason");
    } else if (!done) {
      fail(
          Outcome.TRUNCATED,
          "finish_reason " + finishReason + ", but the stream ended without a terminated [DONE]");
    }
    counted();
    return verdict();
  }

  /** A whole answer that is not streamed, with the moment at which its last byte came. */
  Answer whole(String body, Instant at) {
    try {
      var answer = JSON.readTree(body);
      if (!answer.isObject()) {
        fail(Outcome.MALFORMED, "the answer is not a JSON object: " + clip(body));
      } else if (!inBandError(answer)) {
        var choice = answer.path("choices").path(0);
        text(choice.path("message"), at);
        finish(choice);
        usage(answer);
        if (finishReason == null) {
          fail(Outcome.MALFORMED, "the answer has no finish_reason: " + clip(body));
        }
        counted();
      }
    } catch (UnexpectedEndOfInputException e) {
      fail(Outcome.TRUNCATED, "the answer ends inside its JSON");
    } catch (JacksonException e) {
      fail(Outcome.MALFORMED, "the answer is not JSON: " + clip(body));
    }
    return verdict();
  }

  private void chunk(JsonNode chunk, Instant at) {
    if (!chunk.isObject()) {
      fail(Outcome.MALFORMED, "an event that is not a JSON object: " + clip(chunk.toString()));
    } else if (!inBandError(chunk)) {
      var choice = chunk.path("choices").path(0);
      if (finishReason != null && !choice.isMissingNode()) {
        fail(Outcome.MALFORMED, "a chunk after finish_reason " + finishReason);
      }
      text(choice.path("delta"), at);
      finish(choice);
      usage(chunk);
    }
  }

  private boolean inBandError(JsonNode node) {
    var error = node.path("error");
    if (error.isMissingNode() || error.isNull()) {
      return false;
    }
    var message = error.path("message").asString("");
    fail(Outcome.IN_BAND_ERROR, clip(message.isEmpty() ? error.toString() : message));
    return true;
  }

  private void text(JsonNode message, Instant at) {
    var reasoning = message.path("reasoning_content").asString("");
    var content = message.path("content").asString("");
    boolean tools = message.path("tool_calls").size() > 0;
    if (!reasoning.isEmpty()) {
      firstReasoning = firstReasoning == null ? at : firstReasoning;
      chain.add(reasoning);
    }
    if (!content.isEmpty() || tools) {
      firstAnswer = firstAnswer == null ? at : firstAnswer;
      chain.add(content);
    }
    if (!reasoning.isEmpty() || !content.isEmpty() || tools) {
      textPieces++;
      if (last != null && Duration.between(last, at).compareTo(longestGap) > 0) {
        longestGap = Duration.between(last, at);
      }
      last = at;
    }
  }

  /** DeepSeek counts beside finish_reason, OpenAI and vLLM in a chunk of its own after it. */
  private void usage(JsonNode carrier) {
    var counted = carrier.path("usage").path("completion_tokens");
    if (finishReason != null && counted.isNumber()) {
      claimedTokens = counted.asInt();
    }
  }

  private void counted() {
    if (claimedTokens < 0) {
      fail(Outcome.MALFORMED, "finish_reason " + finishReason + ", and no usage");
    }
    if (last == null && finishReason != null && GOOD.contains(finishReason)) {
      fail(Outcome.TRUNCATED, "finish_reason " + finishReason + ", and not one token");
    }
  }

  private void finish(JsonNode choice) {
    var reason = choice.path("finish_reason").asString("");
    if (reason.isEmpty()) {
      return;
    }
    finishReason = reason;
    if (BACKEND_FAILED.contains(reason)) {
      fail(Outcome.IN_BAND_ERROR, "finish_reason " + reason);
    } else if (!GOOD.contains(reason)) {
      fail(Outcome.TRUNCATED, "finish_reason " + reason);
    }
  }

  private Answer verdict() {
    var flaw = chain.flaw(claimedTokens);
    if (flaw != null) {
      fail(Outcome.CORRUPT, flaw);
    }
    // a whole answer and text without numbers tell their tokens by usage alone
    int tokens = chain.recognised() ? chain.seen() : failure == null ? claimedTokens : textPieces;
    return new Answer(
        failure == null ? Outcome.COMPLETE : failure,
        detail,
        firstReasoning,
        firstAnswer,
        last,
        tokens,
        longestGap.toMillis(),
        chain.recognised());
  }

  /** The first thing that went wrong is the outcome: what follows is its consequence. */
  private void fail(Outcome outcome, String why) {
    if (failure == null) {
      failure = outcome;
      detail = why;
    }
  }

  private static String clip(String text) {
    return text.length() <= 160 ? text : text.substring(0, 160) + "…";
  }
}
