package dev.muster.load.answer.reader;

import dev.muster.load.answer.ServerErrors;
import dev.muster.timeline.Outcome;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** OpenAI's Responses API. */
public record ResponsesGrammar() implements Grammar {
  /** Stopped on purpose; losing a node does neither. */
  private static final Set<String> ON_PURPOSE = Set.of("max_output_tokens", "content_filter");

  @Override
  public boolean event(String type, JsonNode event, AnswerAccumulator accumulator, Instant at) {
    switch (type) {
      case "response.completed", "response.incomplete", "response.failed", "response.cancelled" -> {
        ended(type.substring("response.".length()), event.path("response"), accumulator);
        return true;
      }
      case "response.output_item.added" -> item(event.path("item"), accumulator, at);
      default -> {
        if (type.startsWith("response.") && type.endsWith(".delta")) {
          accumulator.text(type.contains("reasoning"), event.path("delta"), at);
        }
      }
    }
    return false;
  }

  @Override
  public String last() {
    return "response.completed";
  }

  @Override
  public void whole(JsonNode answer, AnswerAccumulator accumulator, Instant at) {
    for (var item : answer.path("output")) {
      item(item, accumulator, at);
      boolean reasoning = item.path("type").asString("").equals("reasoning");
      for (var field : new String[] {"content", "summary"}) {
        for (var part : item.path(field)) {
          accumulator.text(reasoning, part.path("text"), at);
          accumulator.text(reasoning, part.path("refusal"), at);
        }
      }
    }
    var status = answer.path("status").asString("");
    if (status.isEmpty()) {
      accumulator.flaws().add(Outcome.MALFORMED, "the answer has no status: " + answer);
    } else {
      ended(status, answer, accumulator);
    }
  }

  /** A message and reasoning have text of their own; anything else is a call of a tool. */
  private static void item(JsonNode item, AnswerAccumulator accumulator, Instant at) {
    if (item.path("type").asString("").endsWith("_call")) {
      accumulator.piece(false, at);
    }
  }

  private static void ended(String status, JsonNode response, AnswerAccumulator accumulator) {
    accumulator.usage(response.path("usage"));
    switch (status) {
      case "completed" -> accumulator.finish(status, true);
      case "incomplete" -> {
        var reason = response.at("/incomplete_details/reason").asString(status);
        accumulator.finish(reason, ON_PURPOSE.contains(reason));
      }
      case "failed", "cancelled" -> {
        var words = ServerErrors.ofChunk(response);
        accumulator
            .flaws()
            .addWords(
                Outcome.IN_BAND_ERROR, Objects.requireNonNullElse(words, "response." + status));
      }
      default -> accumulator.finish("status " + status, false);
    }
  }
}
