package dev.muster.timeline;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The id under which a user's SDK asks once more. It arrives at the service as it is, so that its
 * records and logs tell each attempt apart.
 *
 * @param request id of the first attempt, whose row is the one that counts
 * @param number of this attempt after the first, from 1
 */
public record RetryId(String request, int number) {
  /** Envoy writes into an id of the length of a UUID, as it does with those of requests. */
  private static final int LENGTH_OF_UUID = 36;

  private static final Pattern FORM = Pattern.compile("(.+)\\.r(\\d{1,3})");

  /** Empty where it is the id of a first attempt. */
  public static Optional<RetryId> of(String id) {
    var form = FORM.matcher(id);
    return form.matches()
        ? Optional.of(new RetryId(form.group(1), Integer.parseInt(form.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    String id = request + ".r" + number;
    return id.length() == LENGTH_OF_UUID ? request + ".r0" + number : id;
  }
}
