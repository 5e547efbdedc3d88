package dev.muster.observe.llm;

import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.port.Effect.Lasts;
import dev.muster.drill.port.Effect.Look;
import dev.muster.drill.port.Effect.Over;
import dev.muster.drill.port.Effect.Untold;
import dev.muster.source.MinimumAmount;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How each gray failure shows in an answer; no failure but the one that is meant counts. */
final class LlmSymptom {
  private static final String ANSWER = "answer";
  private static final int BUSY = 503;

  private LlmSymptom() {}

  /**
   * @param before the answer to the same request before the fault
   * @param now for a cache that is lost, the second of two equal requests
   */
  static Look of(LlmFault fault, StreamedCompletion before, StreamedCompletion now) {
    return switch (fault.failure()) {
      case STUCK_DECODE ->
          now.pieces().isEmpty() && now.end() == StreamedCompletion.End.GIVEN_UP
              ? lasts(
                  "no token in %s, %d comments".formatted(seconds(now.waited()), now.comments()))
              : now.pieces().isEmpty() ? untold(now) : over(now);
      case SLOW_DECODE -> slow(fault.factor(), before, now);
      case TRUNCATION ->
          now.status() == 200
                  && now.end() == StreamedCompletion.End.CLEAN
                  && !now.finished()
                  && now.error().isEmpty()
              ? lasts("ended after " + now.pieces().size() + " tokens without a finish_reason")
              : wholeOr(now);
      case RESET ->
          now.status() == 200 && now.end() == StreamedCompletion.End.BROKEN
              ? lasts("the connection broke after " + now.pieces().size() + " tokens")
              : wholeOr(now);
      case NO_DONE ->
          now.end() == StreamedCompletion.End.CLEAN && now.finished() && !now.done()
              ? lasts("ended after its finish_reason without [DONE]")
              : wholeOr(now);
      case ERROR_IN_BAND ->
          now.status() == 200 && !now.error().isEmpty()
              ? lasts("after " + now.pieces().size() + " tokens the error: " + now.error())
              : wholeOr(now);
      case KEEP_ALIVE_ONLY ->
          now.end() == StreamedCompletion.End.GIVEN_UP
                  && now.comments() > 0
                  && (!now.pieces().isEmpty() || fault.afterTokens() == 0)
              ? lasts(
                  "after %d tokens %d comments and nothing else"
                      .formatted(now.pieces().size(), now.comments()))
              : wholeOr(now);
      case LYING_HEALTH ->
          now.status() >= 500 && now.status() != BUSY ? lasts(now.words()) : wholeOr(now);
      case CACHE_LOST ->
          !now.whole() || now.cached() < 0
              ? untold(now)
              : now.cached() == 0
                  ? lasts("none of an equal prompt's tokens came from the prefix cache")
                  : new Over(
                      Map.of(ANSWER, now.cached() + " tokens of the prompt came from the cache"));
      case CORRUPT_TOKENS, FOREIGN_CACHE -> wrong(before, now);
      case SLOW_LOAD, LOAD_LOOP -> untold(now); // its health page shows it
    };
  }

  /**
   * By a factor that is nearer to what was asked for than to none, and by more than chance: pace
   * varies by factors.
   */
  private static Look slow(int factor, StreamedCompletion before, StreamedCompletion now) {
    if (now.status() != 200 || !(now.whole() || now.end() == StreamedCompletion.End.GIVEN_UP)) {
      return untold(now); // what broke off is no measure of pace
    }
    Duration usual = before.gap();
    Duration least = Duration.ofMillis(MinimumAmount.LATENCY_MILLIS);
    Duration steady = usual.compareTo(least) > 0 ? usual : least;
    Duration bound = Duration.ofNanos((long) (steady.toNanos() * Math.sqrt(factor)));
    String words =
        "a token each %d ms, before each %d ms".formatted(now.gap().toMillis(), usual.toMillis());
    if (now.gap().compareTo(bound) >= 0) {
      return lasts(words);
    }
    return now.whole() ? new Over(Map.of(ANSWER, words)) : untold(now);
  }

  private static Look wrong(StreamedCompletion before, StreamedCompletion now) {
    List<String> right = before.pieces();
    List<String> said = now.pieces();
    int both = Math.min(right.size(), said.size());
    int first = 0;
    while (first < both && right.get(first).equals(said.get(first))) {
      first++;
    }
    if (before.text().equals(now.text()) || (first == both && !now.whole())) {
      return wholeOr(now);
    }
    long others = 0;
    for (int i = first; i < both; i++) {
      others += right.get(i).equals(said.get(i)) ? 0 : 1;
    }
    return new Lasts(
        Map.of(
            ANSWER,
            "differs from that before the fault from token %d on: \"%s\" instead of \"%s\""
                .formatted(first + 1, at(said, first), at(right, first)),
            "tokens",
            "%d of the %d from there on are others".formatted(others, both - first)));
  }

  private static String at(List<String> pieces, int i) {
    return i < pieces.size() ? pieces.get(i).strip() : "";
  }

  private static Look wholeOr(StreamedCompletion now) {
    return now.whole() ? over(now) : untold(now);
  }

  private static Look lasts(String words) {
    return new Lasts(Map.of(ANSWER, words));
  }

  private static Look over(StreamedCompletion now) {
    return new Over(Map.of(ANSWER, now.words()));
  }

  private static Look untold(StreamedCompletion now) {
    return new Untold("it answered otherwise: " + now.words());
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
