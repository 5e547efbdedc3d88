package dev.muster.load;

import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * When OpenAI's SDKs ask again, and after what time: where no answer came or its status says that
 * it may pass, never once an answer has begun; after what the server says, if that is at most a
 * minute, else half a second, doubled each time up to 8 s, less a quarter at most by chance.
 */
public final class Backoff {
  private static final double FIRST_SECONDS = 0.5;
  private static final double MOST_SECONDS = 8;
  private static final double SHORTER = 0.25;
  private static final double LONGEST_ASKED_SECONDS = 60;

  private Backoff() {}

  /** Whether an SDK would ask again. */
  static boolean again(Request row) {
    int status = row.httpStatus();
    return status == 0
        ? row.outcome() == Outcome.CONNECTION_FAILED || row.outcome() == Outcome.TIMED_OUT
        : status == 408 || status == 409 || status == 429 || status >= 500;
  }

  /**
   * @param retries that were made before
   * @param retryAfter seconds or a date, as the server wrote it
   * @param chance 0 to 1
   */
  public static Duration before(
      int retries, @Nullable String retryAfter, Instant now, double chance) {
    double asked = retryAfter == null ? 0 : seconds(retryAfter.strip(), now);
    double seconds =
        asked > 0 && asked <= LONGEST_ASKED_SECONDS
            ? asked
            : Math.min(FIRST_SECONDS * Math.pow(2, retries), MOST_SECONDS) * (1 - SHORTER * chance);
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  /** 0 where it is neither. */
  private static double seconds(String text, Instant now) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      try {
        var date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        return Duration.between(now, date).toNanos() / 1e9;
      } catch (DateTimeException noDate) {
        return 0;
      }
    }
  }
}
