package dev.muster.deepseek.api.fleet;

import dev.muster.deepseek.wire.chat.ChatRequest;
import java.util.Arrays;

/**
 * What a request asks of a worker.
 *
 * @param prompt tokens to read
 * @param answer tokens to write at most, or as many as an answer usually has
 * @param prefix a hash of the beginning of its messages: who has read it before has it in its
 *     cache; 0 where it is too short to be worth that
 */
public record Demand(int prompt, int answer, long prefix) {
  /** Few clients know how long their answer will be; they set a high bound, or none. */
  private static final int USUAL_ANSWER = 256;

  private static final int MOST_COUNTED = 4096;

  /**
   * A node of DeepSeek's reads 73.7k tokens a second and writes 14.8k (overview of the V3/R1
   * inference system, open-infra-index, day 6): reading one costs a fifth of writing one.
   */
  private static final int READ_FOR_ONE_WRITTEN = 5;

  private static final int PREFIX_BYTES = 512;
  private static final byte[] MESSAGES = {'"', 'm', 'e', 's', 's', 'a', 'g', 'e', 's', '"'};

  public static Demand of(ChatRequest request, byte[] body) {
    var wanted = request.maxTokens();
    return new Demand(
        request.promptTokens(),
        wanted == 0 ? USUAL_ANSWER : Math.min(wanted, MOST_COUNTED),
        prefix(body));
  }

  /** Its work, in tokens written. */
  long cost() {
    return reading() + answer;
  }

  /** The part of the cost that is done when the first token comes. */
  long reading() {
    return prompt / READ_FOR_ONE_WRITTEN;
  }

  /** The body is taken as it is: one conversation's requests begin with the same bytes. */
  static long prefix(byte[] body) {
    int from = indexOf(body, MESSAGES);
    if (from < 0 || body.length - from < PREFIX_BYTES) {
      return 0;
    }
    return Arrays.hashCode(Arrays.copyOfRange(body, from, from + PREFIX_BYTES)) | 1L << 32;
  }

  private static int indexOf(byte[] text, byte[] part) {
    for (int i = 0; i <= text.length - part.length; i++) {
      if (Arrays.equals(text, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }
}
