package dev.muster.load.answer;

import dev.muster.timeline.Outcome;
import java.time.Instant;

/**
 * Takes the body of one answer as it comes, and judges it: {@link #feed} any number of times, then
 * either {@link #end} or {@link #cut}. Does no I/O. Not safe for use by several threads.
 */
public interface AnswerJudge {

  /**
   * The next bytes of the body. They are not kept.
   *
   * @param at when they came
   */
  void feed(byte[] bytes, int offset, int length, Instant at);

  /**
   * From where the answer can be gone on with over another connection, as {@code Last-Event-ID}
   * says it; empty where it cannot.
   */
  default String lastEventId() {
    return "";
  }

  /** Whether nothing of it came, not even an event: it may be asked for anew. */
  default boolean untouched() {
    return false;
  }

  /** What is fed from now on comes over another connection, behind {@link #lastEventId}. */
  default void again() {}

  /** The body has ended as HTTP wants it. */
  Answer end();

  /**
   * The body did not end as HTTP wants it: time was up, the connection broke, the load ended.
   *
   * @param outcome unless something was wrong with the answer before, or it was through
   */
  Answer cut(Outcome outcome, String why);
}
