package dev.muster.load;

import dev.muster.load.answer.Answer;
import dev.muster.load.http.ResponseHead;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A row of the ledger in the making: what is known of a request so far. */
public final class Row {
  private final String id;
  private final boolean stream;
  private final boolean tokens;
  private final Instant intended;
  private final @Nullable String prompt;
  private @Nullable Instant sent;
  private @Nullable Instant firstByte;
  private int status;
  private int attempts = 1;
  private int resumes;
  private List<String> pods = List.of();
  private @Nullable String retryAfter;

  /** Nobody else asks the same. */
  Row(String id, boolean stream, boolean tokens, Instant intended) {
    this(id, stream, tokens, intended, null);
  }

  /**
   * @param tokens whether an answer would have some
   * @param prompt what it asks, as a digest; null where no other asks it
   */
  public Row(String id, boolean stream, boolean tokens, Instant intended, @Nullable String prompt) {
    this.id = id;
    this.stream = stream;
    this.tokens = tokens;
    this.intended = intended;
    this.prompt = prompt;
  }

  /** The row of a request that never left. */
  static Request notSent(String id, Instant intended, String why) {
    return new Row(id, true, true, intended).ended(null, Outcome.NOT_SENT, why);
  }

  /** Its first packet has left. */
  public void sent(Instant at) {
    sent = at;
  }

  /**
   * The head of the answer is here.
   *
   * @param servedBy headers that name pods, in the order in which these are told
   */
  public void head(Instant at, ResponseHead head, List<String> servedBy) {
    firstByte = at;
    status = head.status();
    retryAfter = head.first("retry-after").orElse(null);
    attempts = count(head, "x-attempts").orElse(1);
    var names = new ArrayList<String>();
    for (var header : servedBy) {
      for (var value : head.all(header)) {
        for (var name : value.split(",", -1)) {
          if (!name.isBlank()) {
            names.add(name.strip());
          }
        }
      }
    }
    pods = List.copyOf(names);
  }

  /** The answer goes on over another connection. */
  public void resumed() {
    resumes++;
  }

  /** How long ago its first packet left. */
  public Duration since(Instant at) {
    return sent == null ? Duration.ZERO : Duration.between(sent, at);
  }

  /** As the server wrote it; null where it did not. */
  public @Nullable String retryAfter() {
    return retryAfter;
  }

  /** Whether the head of the answer came. */
  public boolean answered() {
    return firstByte != null;
  }

  public Request ended(@Nullable Instant at, Outcome outcome, String detail) {
    return ended(at, Answer.none(outcome, detail));
  }

  public Request ended(@Nullable Instant at, Answer answer) {
    return new Request(
        id,
        stream,
        intended,
        sent,
        firstByte,
        answer.firstReasoningToken(),
        answer.firstAnswerToken(),
        answer.lastToken(),
        at,
        answer.tokens(),
        answer.longestGapMillis(),
        pods,
        attempts,
        resumes,
        status,
        answer.outcome(),
        answer.detail(),
        tokens ? answer.checked() : null,
        answer.finishReason(),
        answer.tokens() == 0 ? null : answer.countedByChunk(),
        prompt,
        answer.digest(),
        tokens ? null : true);
  }

  private static OptionalInt count(ResponseHead head, String name) {
    try {
      return head.first(name)
          .map(text -> OptionalInt.of(Math.max(1, Integer.parseInt(text.strip()))))
          .orElse(OptionalInt.empty());
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }
}
