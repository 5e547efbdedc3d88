package dev.muster.drill;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When an answer of a plain HTTP service is a good one: if all of this holds.
 *
 * @param status one of these
 * @param json what stands where in its JSON, by JSON Pointer (RFC 6901): texts, numbers, truth
 *     values, or null
 * @param contains a text that is somewhere in its body; null for any body
 * @param within from its first packet to the last byte of its answer; null where only {@code
 *     load.timeout} bounds that
 */
public record Success(
    List<Statuses> status,
    Map<String, Object> json,
    @Nullable String contains,
    @Nullable Duration within) {
  /** Any 2xx. */
  public static final Success USUAL =
      new Success(List.of(new Statuses(200, 299)), Map.of(), null, null);

  /** Statuses of HTTP, both ends included. */
  public record Statuses(int from, int to) {
    /**
     * @param text {@code 204} or {@code 2xx}
     */
    public static Statuses of(String text) {
      return text.endsWith("xx")
          ? new Statuses(100 * (text.charAt(0) - '0'), 100 * (text.charAt(0) - '0') + 99)
          : new Statuses(Integer.parseInt(text), Integer.parseInt(text));
    }

    @Override
    public String toString() {
      return from == to ? Integer.toString(from) : from / 100 + "xx";
    }
  }

  public boolean has(int of) {
    return status.stream().anyMatch(each -> each.from() <= of && of <= each.to());
  }
}
