package dev.muster.load;

import tools.jackson.databind.JsonNode;

/**
 * What a chunk's delta, or a whole answer's message, adds to the answer.
 *
 * @param reasoning empty if none
 * @param content empty if none
 * @param tools whether it has a part of a tool call
 */
record Delta(String reasoning, String content, boolean tools) {

  /** Reasoning has two names; a server that uses both says the same twice. */
  static Delta of(JsonNode message) {
    var reasoning = string(message.path("reasoning_content"));
    return new Delta(
        reasoning.isEmpty() ? string(message.path("reasoning")) : reasoning,
        string(message.path("content")),
        !message.path("tool_calls").isEmpty());
  }

  boolean isEmpty() {
    return reasoning.isEmpty() && content.isEmpty() && !tools;
  }

  /** Whether it is one text and nothing else. */
  boolean isOneText() {
    return reasoning.isEmpty() != content.isEmpty() && !tools;
  }

  private static String string(JsonNode node) {
    return node.isString() ? node.asString() : "";
  }
}
