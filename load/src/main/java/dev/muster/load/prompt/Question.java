package dev.muster.load.prompt;

import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * What one request asks.
 *
 * @param asked makes the messages as OpenAI's API has them: role and content; the last is the
 *     user's
 * @param answerTokens bound of the answer
 * @param repeated whether others ask the same
 */
public record Question(Supplier<ArrayNode> asked, int answerTokens, boolean repeated) {

  /** One message. */
  public static Question of(Supplier<String> content, int answerTokens, boolean repeated) {
    return new Question(
        () -> {
          var messages = JsonMapper.shared().createArrayNode();
          messages.addObject().put("role", "user").put("content", content.get());
          return messages;
        },
        answerTokens,
        repeated);
  }

  /** As they are sent. */
  public ArrayNode messages() {
    return asked.get();
  }

  /** Content of the last message; empty if it is no text. */
  public String lastUserContent() {
    var messages = messages();
    return messages.path(messages.size() - 1).path("content").asString("");
  }

  /** All that is said, as one text: for an API that takes no messages. */
  public String text() {
    return messages()
        .valueStream()
        .map(message -> message.path("content"))
        .filter(JsonNode::isString)
        .map(JsonNode::asString)
        .collect(java.util.stream.Collectors.joining("\n"));
  }
}
