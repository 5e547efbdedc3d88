package dev.muster.drill.file;

import dev.muster.drill.PromptSource;
import dev.muster.drill.PromptSource.Conversation;
import dev.muster.drill.PromptSource.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Makes the sources of prompts of a {@code load} that schema and rules have accepted. */
final class PromptReader {
  static final int PROMPT_TOKENS = 200;
  static final int ANSWER_TOKENS = 120;

  /** As many as ask the reference service at once with the default load. */
  static final int USERS = 10;

  private PromptReader() {}

  static int promptTokens(JsonNode load) {
    return load.at("/prompt/tokens").asInt(PROMPT_TOKENS);
  }

  static int answerTokens(JsonNode load) {
    return load.at("/answer/tokens").asInt(ANSWER_TOKENS);
  }

  static List<PromptSource> sources(JsonNode load) {
    var prompts = load.path("prompts");
    return prompts.isMissingNode()
        ? List.of(PromptSource.once(promptTokens(load), answerTokens(load)))
        : prompts.valueStream().map(source -> source(load, source)).toList();
  }

  private static PromptSource source(JsonNode load, JsonNode source) {
    return new PromptSource(
        source.path("weight").asInt(1),
        source.has("file") ? source.path("file").asString() : null,
        size(source.path("tokens"), promptTokens(load)),
        size(source.path("answerTokens"), answerTokens(load)),
        source.has("distinct") ? (Integer) source.path("distinct").asInt() : null,
        conversation(source.path("conversation")));
  }

  private static Size size(JsonNode size, int otherwise) {
    return size.isObject()
        ? new Size(size.path("min").asInt(), size.path("max").asInt())
        : Size.of(size.asInt(otherwise));
  }

  private static @Nullable Conversation conversation(JsonNode conversation) {
    return conversation.isMissingNode()
        ? null
        : new Conversation(
            conversation.path("turns").asInt(),
            conversation.path("sharedTokens").asInt(0),
            conversation.path("users").asInt(USERS));
  }
}
