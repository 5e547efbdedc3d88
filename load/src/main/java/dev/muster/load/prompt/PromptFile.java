package dev.muster.load.prompt;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * A file of prompts, one a line in JSON: a text, or an object with {@code prompt} (as vLLM's custom
 * data set has it, with {@code output_tokens}), with {@code messages} (OpenAI's) or with {@code
 * conversations} (ShareGPT's). Empty lines are passed over.
 */
public final class PromptFile {
  private static final long MOST_BYTES = 256 << 20;
  private static final JsonMapper JSON = new JsonMapper();

  private PromptFile() {}

  /**
   * One prompt.
   *
   * @param messages at least one; the last is the user's
   * @param answerTokens null where the line says nothing
   */
  record Line(ArrayNode messages, @Nullable Integer answerTokens) {}

  /**
   * Whether the file can be used.
   *
   * @throws IllegalArgumentException if not; its message names file and line
   */
  public static void check(String file) {
    read(file);
  }

  static List<Line> read(String file) {
    var path = Path.of(file);
    var all = new ArrayList<Line>();
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw new IllegalArgumentException(file + " has more than " + (MOST_BYTES >> 20) + " MiB");
      }
      int number = 0;
      for (var line : Files.readAllLines(path)) {
        number++;
        if (!line.isBlank()) {
          all.add(line(line, file + ":" + number));
        }
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + " is not UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " can not be read", e);
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(file + " has no prompt: it needs one a line, in JSON");
    }
    return List.copyOf(all);
  }

  private static Line line(String text, String where) {
    try {
      var json = JSON.readTree(text);
      var messages = messages(json, where);
      while (!messages.isEmpty() && !isUsers(messages.path(messages.size() - 1))) {
        messages.remove(messages.size() - 1); // an answer that somebody else's model gave
      }
      if (messages.isEmpty()) {
        throw new IllegalArgumentException(where + ": no message is the user's");
      }
      return new Line(messages, answerTokens(json, where));
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          where + ": not JSON; a prompt that is a text needs quotes around it", e);
    }
  }

  private static ArrayNode messages(JsonNode json, String where) {
    var messages = JSON.createArrayNode();
    if (json.isString() || json.path("prompt").isString()) {
      var text = json.isString() ? json.asString() : json.path("prompt").asString();
      messages.addObject().put("role", "user").put("content", text);
    } else if (json.path("messages").isArray()) {
      for (var message : json.path("messages")) {
        if (!message.path("role").isString() || !message.has("content")) {
          throw new IllegalArgumentException(
              where + ": each of its messages needs a \"role\" and a \"content\"");
        }
        messages.add(message);
      }
    } else if (json.path("conversations").isArray()) {
      for (var said : json.path("conversations")) {
        messages
            .addObject()
            .put("role", role(said.path("from").asString(""), where))
            .put("content", said.path("value").asString(""));
      }
    } else {
      throw new IllegalArgumentException(
          where
              + ": neither a text nor an object with \"prompt\", \"messages\" or"
              + " \"conversations\"");
    }
    return messages;
  }

  private static String role(String from, String where) {
    return switch (from) {
      case "human", "user" -> "user";
      case "gpt", "chatgpt", "assistant", "bing", "bard" -> "assistant";
      case "system" -> "system";
      default ->
          throw new IllegalArgumentException(
              where + ": a conversation is \"from\" human, gpt or system, not \"" + from + "\"");
    };
  }

  private static boolean isUsers(JsonNode message) {
    return message.path("role").asString("").equals("user");
  }

  private static @Nullable Integer answerTokens(JsonNode json, String where) {
    var tokens = json.path("output_tokens");
    if (tokens.isMissingNode() || tokens.isNull()) {
      return null;
    }
    if (!tokens.isInt() || tokens.intValue() < 1) {
      throw new IllegalArgumentException(
          where + ": output_tokens must be a whole number from 1 on, not " + tokens);
    }
    return tokens.intValue();
  }
}
