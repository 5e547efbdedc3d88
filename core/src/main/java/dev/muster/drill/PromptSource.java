package dev.muster.drill;

import org.jspecify.annotations.Nullable;

/**
 * Where prompts of the load come from. Several sources are a mix.
 *
 * @param weight its share among the sources, 1 to 1000
 * @param file of prompts, one a line, see {@code docs/load.md}; null where they are made up
 * @param tokens of a prompt that is made up; of each turn's question in a conversation
 * @param answerTokens bound of an answer
 * @param distinct so many prompts, or conversations, that are asked again and again; null where
 *     each is asked once, and of a file, which has as many as it has
 * @param conversation null where a request is one question
 */
public record PromptSource(
    int weight,
    @Nullable String file,
    Size tokens,
    Size answerTokens,
    @Nullable Integer distinct,
    @Nullable Conversation conversation) {

  /** So many tokens, or as many as chance says between two bounds, both of which may be. */
  public record Size(int least, int most) {
    public static Size of(int tokens) {
      return new Size(tokens, tokens);
    }

    /** Whether chance has no say. */
    public boolean fixed() {
      return least == most;
    }
  }

  /**
   * Questions each of which carries those before it and made-up answers to them.
   *
   * @param turns questions of one conversation
   * @param sharedTokens of the system message that all conversations begin with; 0 for none
   * @param users conversations that are going on at a time
   */
  public record Conversation(int turns, int sharedTokens, int users) {}

  /** Prompts of one size, each asked once. */
  public static PromptSource once(int tokens, int answerTokens) {
    return new PromptSource(1, null, Size.of(tokens), Size.of(answerTokens), null, null);
  }

  /** The same of a file that lies elsewhere. */
  public PromptSource with(String elsewhere) {
    return new PromptSource(weight, elsewhere, tokens, answerTokens, distinct, conversation);
  }

  /** Whether the same is asked again and again. */
  public boolean repeats() {
    return file != null || distinct != null;
  }
}
