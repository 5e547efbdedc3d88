package dev.muster.deepseek.wire.chat;

import dev.muster.deepseek.wire.Json;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;

/**
 * Log probabilities in the shape of the API. They are made up: the token that came has a half, and
 * each other one half of the one before.
 */
final class Logprobs {
  private static final double LN2 = Math.log(2);

  private Logprobs() {}

  /**
   * Of one token.
   *
   * @param top how many of the most likely tokens are told, this one the first
   */
  static String of(String token, int top) {
    var most = new StringJoiner(",", "[", "]");
    for (int i = 0; i < top; i++) {
      most.add(one(i == 0 ? token : "~" + i, i + 1) + "}");
    }
    return one(token, 1) + ",\"top_logprobs\":" + most + "}";
  }

  private static String one(String token, int halves) {
    var bytes = new StringJoiner(",", "[", "]");
    for (var each : token.getBytes(StandardCharsets.UTF_8)) {
      bytes.add(Integer.toString(each & 0xff));
    }
    return "{\"token\":%s,\"logprob\":%s,\"bytes\":%s"
        .formatted(Json.quote(token), -halves * LN2, bytes);
  }
}
