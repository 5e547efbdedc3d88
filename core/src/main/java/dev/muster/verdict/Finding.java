package dev.muster.verdict;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param check the check's name, as in the drill's {@code expect}
 * @param measured the number that was compared, null where nothing could be measured
 * @param bound the number it was compared with, null where there is none
 * @param unit of both: s, %, requests, pods …
 * @param sentence what was seen, or what was missing
 * @param lines events, pods, requests that show it
 */
public record Finding(
    String check,
    Status status,
    @Nullable Double measured,
    @Nullable Double bound,
    String unit,
    Sentence sentence,
    List<Sentence> lines) {

  public static Finding inconclusive(String check, Sentence sentence) {
    return new Finding(check, Status.INCONCLUSIVE, null, null, "", sentence, List.of());
  }

  /** The sentence in English. */
  public String why() {
    return sentence.english();
  }

  /** The lines in English. */
  public List<String> evidence() {
    return lines.stream().map(Sentence::english).toList();
  }
}
