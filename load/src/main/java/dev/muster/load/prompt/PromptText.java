package dev.muster.load.prompt;

/** Text of about so many tokens. */
final class PromptText {
  private static final String FILLER =
      "Tell what each ship of the convoy carries, where it lies tonight and who keeps its watch. ";

  /** DeepSeek's documentation: one Latin character is about 0.3 tokens. */
  private static final double TOKENS_PER_CHARACTER = 0.3;

  private PromptText() {}

  /**
   * @param head what it begins with: by that it is told from others
   */
  static String of(String head, int tokens) {
    var text = new StringBuilder(head).append(". ");
    int length = (int) Math.round(tokens / TOKENS_PER_CHARACTER);
    while (text.length() < length) {
      text.append(FILLER, 0, Math.min(FILLER.length(), length - text.length()));
    }
    return text.toString();
  }
}
