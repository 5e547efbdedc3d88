package dev.muster.load.answer;

import dev.muster.timeline.Outcome;
import java.io.ByteArrayOutputStream;
import java.time.Instant;

/** An answer that says nothing before it is whole. */
public final class WholeBody implements AnswerJudge {
  /** Longest answer, in bytes: against a server that never ends one. */
  static final int MAX_BYTES = 16 << 20;

  /** Judges a whole body. */
  public interface Rule {
    /**
     * @param at when its last byte came; long ago if it has none
     */
    Answer judge(byte[] body, Instant at);
  }

  private final Rule rule;
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(0);
  private Instant last = Instant.EPOCH;
  private boolean tooMuch;

  public WholeBody(Rule rule) {
    this.rule = rule;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length, Instant at) {
    last = at;
    int room = MAX_BYTES - kept.size();
    kept.write(bytes, offset, Math.min(room, length));
    tooMuch |= length > room;
  }

  @Override
  public Answer end() {
    return tooMuch
        ? Answer.none(Outcome.MALFORMED, "an answer of more than " + MAX_BYTES + " bytes")
        : rule.judge(kept.toByteArray(), last);
  }

  @Override
  public Answer cut(Outcome outcome, String why) {
    return Answer.none(outcome, why);
  }
}
