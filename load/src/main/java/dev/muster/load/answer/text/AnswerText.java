package dev.muster.load.answer.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.load.answer.Flaws;
import dev.muster.timeline.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The text of one answer as it comes: timed, and checked token by token where the service announced
 * numbered tokens. Not safe for use by several threads.
 */
public final class AnswerText {
  private final TokenTimes times = new TokenTimes();
  private final @Nullable TokenChain chain;
  private final @Nullable AnswerDigest digest;

  /**
   * @param digested whether a digest of it is wanted
   */
  public AnswerText(boolean chained, boolean digested, String lastUserContent, Flaws flaws) {
    digest = digested ? new AnswerDigest() : null;
    chain =
        chained ? new TokenChain(lastUserContent, flaw -> flaws.add(Outcome.CORRUPT, flaw)) : null;
  }

  public void add(Delta delta, Instant at) {
    if (delta.isEmpty()) {
      return;
    }
    boolean reasoning = !delta.reasoning().isEmpty();
    times.add(reasoning, !delta.content().isEmpty() || delta.tools(), at);
    if (digest != null) {
      digest.add(delta);
    }
    if (chain != null) {
      for (var text : new String[] {delta.reasoning(), delta.content()}) {
        var bytes = text.getBytes(UTF_8);
        chain.add(bytes, 0, bytes.length);
      }
    }
  }

  /** Text in UTF-8, not empty. Costs no memory. */
  public void add(boolean reasoning, byte[] bytes, int from, int to, Instant at) {
    times.add(reasoning, !reasoning, at);
    if (digest != null) {
      digest.add(reasoning, bytes, from, to);
    }
    if (chain != null) {
      chain.add(bytes, from, to);
    }
  }

  /** Nothing more comes. */
  public void end(int claimedTokens) {
    if (chain != null) {
      chain.end(claimedTokens);
    }
  }

  /** Of all of it; null where none is wanted. To be asked once. */
  public @Nullable String digest() {
    return digest == null ? null : digest.value();
  }

  public TokenTimes times() {
    return times;
  }

  /** Whether there was text, and it was checked. */
  public boolean checked() {
    return chain != null && chain.begun();
  }

  /** How many numbered tokens came; below 0 if they are not numbered. */
  public int numbered() {
    return chain == null ? -1 : chain.seen();
  }
}
