package dev.muster.drill.file;

import dev.muster.drill.LoadRequest;
import dev.muster.source.SourceTree;
import java.util.List;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/** What a JSON Schema cannot say of {@code load.prompts} and of comparing answers to them. */
final class PromptRules {
  private static final String CHAT = LoadRequest.Preset.OPENAI.path();
  private static final String PLACE = "/load/prompts/";

  private final SourceTree tree;
  private final BiConsumer<String, String> refuse;

  /**
   * @param refuse takes a pointer and what is wrong there
   */
  PromptRules(SourceTree tree, BiConsumer<String, String> refuse) {
    this.tree = tree;
    this.refuse = refuse;
  }

  void check() {
    var prompts = tree.root().at("/load/prompts");
    for (int i = 0; i < prompts.size(); i++) {
      source(PLACE + i, prompts.path(i));
    }
    if (prompts.size() == 1 && prompts.path(0).has("weight")) {
      refuse.accept(PLACE + "0/weight", "a weight is a share among several sources: this is one");
    }
    var preset = RequestRules.preset(tree.root().at("/load/request"));
    if (preset == LoadRequest.Preset.HTTP && !prompts.isMissingNode()) {
      refuse.accept(
          "/load/prompts", "preset http asks what load.request.body says: it takes no prompts");
    }
    if (tree.root().at("/expect").has("content") && !preset.path().equals(CHAT)) {
      refuse.accept(
          "/expect/content",
          "content compares chat completions, and answers of preset " + preset + " are none");
      return;
    }
    boolean repeats =
        prompts.valueStream().anyMatch(source -> source.has("file") || source.has("distinct"));
    if (tree.root().at("/expect").has("content") && tree.root().has("load") && !repeats) {
      refuse.accept(
          "/expect/content",
          "content compares answers to the same prompt, and each request has its own: give"
              + " load.prompts a file, or distinct: 8");
    }
  }

  private void source(String place, JsonNode source) {
    if (source.has("file")) {
      for (var field : List.of("tokens", "distinct", "conversation")) {
        if (source.has(field)) {
          refuse.accept(
              place + "/" + field, "the prompts are those of the file: it takes no " + field);
        }
      }
    }
    for (var field : List.of("tokens", "answerTokens")) {
      var min = source.at("/" + field + "/min");
      var max = source.at("/" + field + "/max");
      if (min.isInt() && max.isInt() && min.intValue() > max.intValue()) {
        refuse.accept(
            place + "/" + field + "/min", "min " + min + " is above max " + max + ": no size");
      }
    }
  }
}
