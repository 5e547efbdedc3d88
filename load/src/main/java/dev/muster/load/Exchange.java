package dev.muster.load;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is measured of one request while it runs. Written by its own thread; {@link #expire} by
 * another.
 */
final class Exchange {
  private final String id;
  private final boolean stream;
  private final Instant intended;
  private final InstantSource clock;
  private @Nullable Instant sent;
  private @Nullable Instant firstByte;
  private @Nullable Instant firstReasoning;
  private @Nullable Instant firstAnswer;
  private @Nullable Instant last;
  private int tokens;
  private long longestGapMillis;
  private List<String> pods = List.of();
  private int attempts = 1;
  private int status;
  private volatile boolean expired;
  private volatile @Nullable InputStream body;

  Exchange(String id, boolean stream, Instant intended, InstantSource clock) {
    this.id = id;
    this.stream = stream;
    this.intended = intended;
    this.clock = clock;
  }

  void sent() {
    sent = clock.instant();
  }

  void answered(HttpResponse<?> response) {
    firstByte = clock.instant();
    status = response.statusCode();
    pods = response.headers().firstValue("x-served-by").map(List::of).orElse(List.of());
    attempts = (int) response.headers().firstValueAsLong("x-attempts").orElse(1);
  }

  void body(InputStream answer) {
    body = answer;
    if (expired) {
      expire();
    }
  }

  /** The deadline passed: ends the read by closing what is read. */
  void expire() {
    expired = true;
    InputStream open = body;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        expired = true; // the reader's own exception tells the rest
      }
    }
  }

  void token(AnswerReader.Kind kind) {
    if (kind == AnswerReader.Kind.NOTHING) {
      return;
    }
    Instant now = clock.instant();
    if (last != null) {
      longestGapMillis = Math.max(longestGapMillis, Duration.between(last, now).toMillis());
    }
    last = now;
    tokens++;
    if (kind == AnswerReader.Kind.REASONING && firstReasoning == null) {
      firstReasoning = now;
    }
    if (kind == AnswerReader.Kind.ANSWER && firstAnswer == null) {
      firstAnswer = now;
    }
  }

  Request broken(IOException e) {
    if (expired) {
      return ended(Outcome.TIMED_OUT, "not finished within its deadline");
    }
    return ended(
        status == 0 ? Outcome.CONNECTION_FAILED : Outcome.TRUNCATED,
        (status == 0 ? "broken before the first byte: " : "broken in the middle: ")
            + e.getMessage());
  }

  Request ended(Outcome outcome, @Nullable String detail) {
    Outcome honest = expired && !outcome.good() ? Outcome.TIMED_OUT : outcome;
    return new Request(
        id,
        stream,
        intended,
        sent,
        firstByte,
        firstReasoning,
        firstAnswer,
        last,
        clock.instant(),
        tokens,
        longestGapMillis,
        pods,
        attempts,
        0,
        status,
        honest,
        detail);
  }
}
