package dev.muster.deepseek.api.reply;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The {@code id} of an event of a stream. A client whose gateway was lost sends the same request to
 * any other with the last one as {@code Last-Event-ID}, and gets the events behind it: nothing but
 * this is known of the answer, which is generated again from the request.
 *
 * @param created of the answer, seconds since the epoch
 * @param answer its id
 * @param number of the event in its stream, from 1
 */
public record EventId(long created, String answer, int number) {
  private static final Pattern FORM =
      Pattern.compile("(\\d{1,12})-([A-Za-z0-9_-]{1,80})-(\\d{1,9})");

  /** Empty where it is none of ours. */
  public static Optional<EventId> parse(String text) {
    var form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new EventId(
                Long.parseLong(form.group(1)), form.group(2), Integer.parseInt(form.group(3))))
        : Optional.empty();
  }

  /** What all ids of the answer begin with; the number follows. */
  public String prefix() {
    return created + "-" + answer + "-";
  }

  @Override
  public String toString() {
    return prefix() + number;
  }
}
