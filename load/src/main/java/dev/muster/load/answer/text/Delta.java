package dev.muster.load.answer.text;

import tools.jackson.databind.JsonNode;

/**
 * What a chunk's delta, or a whole answer's message, adds to the answer.
 *
 * @param reasoning empty if none
 * @param content empty if none
 * @param tools whether it has a part of a tool call
 * @param calls what that part says: names and arguments, but no ids, which are new each time
 */
public record Delta(String reasoning, String content, boolean tools, String calls) {
  /** Whose tool call says nothing. */
  Delta(String reasoning, String content, boolean tools) {
    this(reasoning, content, tools, "");
  }

  /**
   * Reasoning has two names; a server that uses both says the same twice. A refusal is an answer:
   * the model was asked and spoke.
   */
  public static Delta of(JsonNode message) {
    var reasoning = string(message.path("reasoning_content"));
    var content = string(message.path("content"));
    return new Delta(
        reasoning.isEmpty() ? string(message.path("reasoning")) : reasoning,
        content.isEmpty() ? string(message.path("refusal")) : content,
        !message.path("tool_calls").isEmpty(),
        calls(message.path("tool_calls")));
  }

  private static String calls(JsonNode calls) {
    if (calls.isEmpty()) {
      return "";
    }
    var text = new StringBuilder();
    for (var call : calls) {
      var name = string(call.at("/function/name"));
      text.append(name.isEmpty() ? "" : "\n" + name + " ");
      text.append(string(call.at("/function/arguments")));
    }
    return text.toString();
  }

  public boolean isEmpty() {
    return reasoning.isEmpty() && content.isEmpty() && !tools;
  }

  /** Whether it is one text and nothing else. */
  public boolean isOneText() {
    return reasoning.isEmpty() != content.isEmpty() && !tools;
  }

  private static String string(JsonNode node) {
    return node.isString() ? node.asString() : "";
  }
}
