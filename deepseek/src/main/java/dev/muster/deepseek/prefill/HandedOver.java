package dev.muster.deepseek.prefill;

import dev.muster.deepseek.wire.Json;
import java.io.IOException;
import tools.jackson.core.JacksonException;

/**
 * What a prefill worker did.
 *
 * @param cached tokens of the prompt that it had in its cache
 * @param readNanos from the request until all of it was read
 * @param handOverNanos from then until it was handed over
 */
record HandedOver(int cached, long readNanos, long handOverNanos) {
  String json() {
    return Json.object(json ->
        json.writeNumberProperty("cached_tokens", cached)
            .writeNumberProperty("read_ns", readNanos)
            .writeNumberProperty("hand_over_ns", handOverNanos))
        + "\n";
  }

  /**
   * @throws IOException if it is not what {@link #json} writes
   */
  static HandedOver parse(byte[] json) throws IOException {
    try {
      var node = Json.parse(json);
      if (!node.path("cached_tokens").isInt()) {
        throw new IOException("the prefill worker ended without a result");
      }
      return new HandedOver(
          node.path("cached_tokens").asInt(),
          node.path("read_ns").asLong(0),
          node.path("hand_over_ns").asLong(0));
    } catch (JacksonException e) {
      throw new IOException("the prefill worker answered no JSON", e);
    }
  }
}
