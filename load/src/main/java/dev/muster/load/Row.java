package dev.muster.load;

import dev.muster.load.http.ResponseHead;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A row of the ledger in the making: what is known of a request so far. */
final class Row {
  private final String id;
  private final boolean stream;
  private final Instant intended;
  private @Nullable Instant sent;
  private @Nullable Instant firstByte;
  private int status;
  private int attempts = 1;
  private List<String> pods = List.of();

  Row(String id, boolean stream, Instant intended) {
    this.id = id;
    this.stream = stream;
    this.intended = intended;
  }

  /** The row of a request that never left. */
  static Request notSent(String id, Instant intended, String why) {
    return new Row(id, true, intended).ended(null, Outcome.NOT_SENT, why);
  }

  /** Its first packet has left. */
  void sent(Instant at) {
    sent = at;
  }

  /**
   * The head of the answer is here.
   *
   * @param servedBy headers that name pods, in the order in which these are told
   */
  void head(Instant at, ResponseHead head, List<String> servedBy) {
    firstByte = at;
    status = head.status();
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

  /** Whether the head of the answer came. */
  boolean answered() {
    return firstByte != null;
  }

  Request ended(@Nullable Instant at, Outcome outcome, String detail) {
    return ended(at, Answer.none(outcome, detail));
  }

  Request ended(@Nullable Instant at, Answer answer) {
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
        0,
        status,
        answer.outcome(),
        answer.detail(),
        answer.checked());
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
