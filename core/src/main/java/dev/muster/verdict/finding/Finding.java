package dev.muster.verdict.finding;

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
 * @param sample what {@code measured} rests on; null where nothing was counted or timed
 */
public record Finding(
    String check,
    Status status,
    @Nullable Double measured,
    @Nullable Double bound,
    String unit,
    Sentence sentence,
    List<Sentence> lines,
    @Nullable Sample sample) {

  /** Without a sample. */
  public Finding(
      String check,
      Status status,
      @Nullable Double measured,
      @Nullable Double bound,
      String unit,
      Sentence sentence,
      List<Sentence> lines) {
    this(check, status, measured, bound, unit, sentence, lines, null);
  }

  public static Finding inconclusive(String check, Sentence sentence) {
    return new Finding(check, Status.INCONCLUSIVE, null, null, "", sentence, List.of());
  }

  /** The same, resting on that. */
  public Finding over(Sample of) {
    return new Finding(check, status, measured, bound, unit, sentence, lines, of);
  }

  /** The same figures, which prove nothing. */
  public Finding unproven(Sentence but) {
    return new Finding(
        check,
        Status.INCONCLUSIVE,
        measured,
        bound,
        unit,
        Sentence.of("%s; but %s", sentence, but),
        lines,
        sample);
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
