package dev.muster.load.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.timeline.Outcome;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with one answer, in the order in which it showed. The first is the outcome, for
 * what follows may be its consequence; but all are facts, and all are told.
 *
 * <p>Keeps four, each of 160 characters at most; 500 where they are the server's own words. Not
 * safe for use by several threads.
 */
public final class Flaws {
  private static final int MOST = 4;
  private static final int LONGEST = 160;
  private static final int LONGEST_WORDS = 500;

  private final Set<String> told = new LinkedHashSet<>();
  private @Nullable Outcome first;

  public void add(Outcome outcome, String what) {
    add(outcome, what, LONGEST);
  }

  /** The server itself says what is wrong. */
  public void addWords(Outcome outcome, String words) {
    add(outcome, words, LONGEST_WORDS);
  }

  /** Null if nothing is wrong. */
  public @Nullable Outcome outcome() {
    return first;
  }

  /** Null if nothing is wrong. */
  public @Nullable String detail() {
    return told.isEmpty() ? null : String.join("; then ", told);
  }

  /** Of an answer that was whole and has no tokens. */
  Answer wholeAnswer() {
    return new Answer(
        Objects.requireNonNullElse(first, Outcome.COMPLETE),
        detail(),
        null,
        null,
        null,
        0,
        false,
        0,
        false,
        null);
  }

  private void add(Outcome outcome, String what, int longest) {
    first = first == null ? outcome : first;
    if (told.size() < MOST) {
      told.add(clip(what, longest));
    }
  }

  /**
   * On one line, not longer than that, with a sign where something is left out. Halves of
   * characters, which JSON can spell and no file can hold, become question marks.
   */
  public static String clip(String text, int longest) {
    var part = text.length() <= longest ? text : text.substring(0, longest) + "…";
    return new String(part.getBytes(UTF_8), UTF_8).replaceAll("\\p{Cntrl}+", " ");
  }
}
