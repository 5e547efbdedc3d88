package dev.muster.load.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Status line and headers of one response.
 *
 * @param minor of HTTP/1.x: 0 or 1
 * @param headers by name in lower case, each with its values in order
 */
public record ResponseHead(int minor, int status, Map<String, List<String>> headers) {

  /** The first value of a header, whose name is given in lower case. */
  public Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  /** All values of a header, whose name is given in lower case, in order. */
  public List<String> all(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** Whether one of a header's comma-separated words is this one, given in lower case. */
  boolean has(String name, String word) {
    return all(name).stream()
        .flatMap(value -> List.of(value.split(",", -1)).stream())
        .anyMatch(each -> each.strip().equalsIgnoreCase(word));
  }

  /** Whether the server would take another request on this connection. */
  boolean persistent() {
    return minor == 0 ? has("connection", "keep-alive") : !has("connection", "close");
  }
}
