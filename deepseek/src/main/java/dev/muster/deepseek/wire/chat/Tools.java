package dev.muster.deepseek.wire.chat;

import dev.muster.deepseek.wire.ApiError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The functions that an answer calls, where there is no model to decide. With {@code auto} it calls
 * those whose names the last message has, the first one where it has none; only a user's message is
 * answered so: to what a function told it answers with text.
 */
public final class Tools {
  private static final int MOST = 128;
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]+");

  private Tools() {}

  /**
   * One function.
   *
   * @param parameters their JSON schema; missing where the client gave none
   */
  public record Function(String name, JsonNode parameters) {}

  /**
   * @param lastRole of the last message
   * @return empty where the answer is text
   * @throws ApiError 400 or 422
   */
  static List<Function> called(JsonNode root, String lastRole, String lastUser) {
    var all = all(root);
    var choice = Fields.given(root, "tool_choice");
    if (choice == null) {
      choice = MissingNode.getInstance();
    }
    if (choice.isObject()) {
      var name = Fields.text(choice.path("function"), "name", "tool_choice.function.");
      return List.of(
          all.stream()
              .filter(f -> f.name().equals(name))
              .findFirst()
              .orElseThrow(() ->
                  ApiError.invalidFormat(
                      "Invalid tool_choice value, no tool is called `" + name + "`")));
    }
    return switch (choice.asString("auto")) {
      case "none" -> List.of();
      case "auto" -> lastRole.equals("user") ? named(all, lastUser) : List.of();
      case "required" -> {
        if (all.isEmpty()) {
          throw ApiError.invalidFormat("Invalid tool_choice value, `required` needs tools");
        }
        yield named(all, lastUser);
      }
      default ->
          throw ApiError.invalidParameters(
              "tool_choice: unknown variant `%s`, expected one of `none`, `auto`, `required`"
                  .formatted(choice.asString("")));
    };
  }

  private static List<Function> named(List<Function> all, String text) {
    var named = all.stream().filter(f -> text.contains(f.name())).toList();
    return named.isEmpty() ? all.subList(0, Math.min(1, all.size())) : named;
  }

  private static List<Function> all(JsonNode root) {
    var tools = Fields.given(root, "tools");
    if (tools == null) {
      return List.of();
    }
    if (!tools.isArray()) {
      throw ApiError.invalidParameters("tools: expected a sequence");
    }
    if (tools.size() > MOST) {
      throw ApiError.invalidFormat("Invalid tools value, at most " + MOST + " are allowed");
    }
    var functions = new ArrayList<Function>();
    for (int i = 0; i < tools.size(); i++) {
      var where = "tools[" + i + "].";
      var type = Fields.text(tools.path(i), "type", where);
      if (!type.equals("function")) {
        throw ApiError.invalidParameters(
            "%stype: unknown variant `%s`, expected `function`".formatted(where, type));
      }
      var function = Fields.given(tools.path(i), "function");
      if (function == null) {
        throw ApiError.invalidParameters(where + "missing field `function`");
      }
      var name = Fields.text(function, "name", where + "function.");
      if (!NAME.matcher(name).matches()) {
        throw ApiError.invalidFormat(
            "Invalid '%sfunction.name': string does not match pattern. Expected a string that matches the pattern '^%s$'."
                .formatted(where, NAME));
      }
      functions.add(new Function(name, function.path("parameters")));
    }
    return List.copyOf(functions);
  }
}
