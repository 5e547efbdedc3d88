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
    var values = headers.get(name);
    return values == null ? Optional.empty() : Optional.of(values.getFirst());
  }

  /** All values of a header, whose name is given in lower case, in order. */
  public List<String> all(String name) {
    return headers.getOrDefault(name, List.of());
  }

  /** Whether one of a header's comma-separated words is this one, given in lower case. */
  boolean has(String name, String word) {
    for (var value : all(name)) {
      for (var each : value.split(",", -1)) {
        if (each.strip().equalsIgnoreCase(word)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the server would take another request on this connection. */
  boolean persistent() {
    return minor == 0 ? has("connection", "keep-alive") : !has("connection", "close");
  }
}
