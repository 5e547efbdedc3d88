package dev.muster.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A line of an agent: one JSON object on its standard output.
 *
 * @param at by the clock of its node; null where the line does not tell it
 */
public record AgentLine(@Nullable Instant at, AgentEvent event) {

  public String json() {
    return WireJson.write(json -> {
      json.writeStringProperty("event", event.word());
      if (at != null) {
        json.writeStringProperty("at", at.toString());
      }
      WireJson.components(json, (Record) event);
    });
  }

  /**
   * Empty where the line is none of an agent's, as a JVM's last words. What an event lacks is empty
   * or 0 in it, and what is too much is passed over: an agent of another version is heard as far as
   * it can be.
   */
  public static Optional<AgentLine> of(String line) {
    try {
      Map<String, Object> all = new LinkedHashMap<>(WireJson.object(line));
      if (!(all.get("event") instanceof String word)) {
        return Optional.empty();
      }
      Object at = all.remove("at");
      return Optional.of(
          new AgentLine(at == null ? null : Instant.parse(Objects.toString(at)), event(word, all)));
    } catch (IllegalArgumentException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static AgentEvent event(String word, Map<String, Object> all) {
    try {
      if (Union.EVENTS.knows(word)) {
        return Union.EVENTS.read(all, false);
      }
    } catch (IllegalArgumentException e) {
      // a number that is none, or the like: as little known as one of another name
    }
    Map<String, String> detail = new LinkedHashMap<>();
    all.forEach((name, value) -> detail.put(name, String.valueOf(value)));
    detail.remove("event");
    return new AgentEvent.Unknown(word, detail);
  }
}
