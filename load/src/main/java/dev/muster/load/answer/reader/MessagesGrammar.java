package dev.muster.load.answer.reader;

import dev.muster.timeline.Outcome;
import java.time.Instant;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Anthropic's Messages API. */
public record MessagesGrammar() implements Grammar {
  /** The model was through, or was stopped on purpose; losing a node does neither. */
  private static final Set<String> GOOD =
      Set.of(
          "end_turn",
          "max_tokens",
          "stop_sequence",
          "tool_use",
          "pause_turn",
          "refusal",
          "model_context_window_exceeded");

  @Override
  public boolean event(String type, JsonNode event, AnswerAccumulator accumulator, Instant at) {
    switch (type) {
      case "content_block_start" -> block(event.path("content_block"), accumulator, at);
      case "content_block_delta" -> {
        var delta = event.path("delta");
        accumulator.text(false, delta.path("text"), at);
        accumulator.text(true, delta.path("thinking"), at);
        accumulator.text(false, delta.path("partial_json"), at);
      }
      case "message_delta" -> {
        accumulator.usage(event.path("usage"));
        stopped(event.path("delta"), accumulator);
      }
      case "message_stop" -> {
        if (!accumulator.finished()) {
          accumulator.flaws().add(Outcome.TRUNCATED, "message_stop without a stop_reason");
        }
        return true;
      }
      default -> {} // message_start, content_block_stop, and what may be added
    }
    return false;
  }

  @Override
  public String last() {
    return "message_stop";
  }

  @Override
  public void whole(JsonNode answer, AnswerAccumulator accumulator, Instant at) {
    for (var block : answer.path("content")) {
      block(block, accumulator, at);
    }
    accumulator.usage(answer.path("usage"));
    stopped(answer, accumulator);
    if (!accumulator.finished()) {
      accumulator.flaws().add(Outcome.MALFORMED, "the answer has no stop_reason: " + answer);
    }
  }

  /** What a block begins with, which in a stream is mostly nothing. */
  private static void block(JsonNode block, AnswerAccumulator accumulator, Instant at) {
    if (block.path("type").asString("").endsWith("tool_use")) {
      accumulator.piece(false, at);
    }
    accumulator.text(false, block.path("text"), at);
    accumulator.text(true, block.path("thinking"), at);
  }

  private static void stopped(JsonNode carrier, AnswerAccumulator accumulator) {
    var reason = carrier.path("stop_reason").asString("");
    if (!reason.isEmpty()) {
      accumulator.finish(reason, GOOD.contains(reason));
    }
  }
}
