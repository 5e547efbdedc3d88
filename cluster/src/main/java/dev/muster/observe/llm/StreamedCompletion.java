package dev.muster.observe.llm;

import java.time.Duration;
import java.util.List;

/**
 * What a pod told when it was asked for a streamed completion.
 *
 * @param status 0 where it did not begin to answer
 * @param pieces of text, reasoning among them, as they came: tokens of most services
 * @param span from the first piece to the last
 * @param waited for all of it
 * @param comments since the last piece
 * @param finished it gave a finish_reason
 * @param done it ended with {@code data: [DONE]}
 * @param error what an event of it, or an answer that is none of 200, says; empty for none
 * @param cached tokens of the prompt that came from the prefix cache, as it says; -1 where it says
 *     nothing of that
 */
record StreamedCompletion(
    int status,
    List<String> pieces,
    Duration span,
    Duration waited,
    int comments,
    boolean finished,
    boolean done,
    String error,
    int cached,
    End end) {

  /** How it ended. */
  enum End {
    /** As a connection should. */
    CLEAN,
    BROKEN,
    /** It was given up: nothing more came in time. */
    GIVEN_UP
  }

  String text() {
    return String.join("", pieces);
  }

  /** Nothing is wrong with it. */
  boolean whole() {
    return status == 200
        && !pieces.isEmpty()
        && finished
        && done
        && error.isEmpty()
        && end == End.CLEAN;
  }

  /** Mean time from one piece to the next; of too few, the time that went by for each. */
  Duration gap() {
    return pieces.size() >= 4
        ? span.dividedBy(pieces.size() - 1L)
        : waited.dividedBy(Math.max(1, pieces.size()));
  }

  String words() {
    if (status == 0) {
      return "no answer: " + error;
    }
    if (status != 200) {
      return "HTTP " + status + (error.isEmpty() ? "" : ": " + error);
    }
    return pieces.size()
        + " tokens, "
        + switch (end) {
          case CLEAN -> "then the end";
          case BROKEN -> "then the connection broke";
          case GIVEN_UP -> "then " + comments + " comments and no token until it was given up";
        }
        + (error.isEmpty() ? "" : ", with the error: " + error)
        + (finished ? "" : ", no finish_reason")
        + (done ? "" : ", no [DONE]");
  }
}
