package dev.muster.load.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes of requests that differ in nothing but an id. Putting one together from its parts costs as
 * much as reading dozens of tokens, since at a few requests a second Java never compiles it;
 * filling in an id costs next to nothing. Immutable.
 */
public final class RequestTemplate {
  private final byte[] bytes;
  private final int[] at;
  private final int length;

  /**
   * @param bytes of one such request
   * @param id that stands in them, in ASCII
   */
  public RequestTemplate(byte[] bytes, String id) {
    this.bytes = bytes.clone();
    var wanted = ascii(id);
    length = wanted.length;
    at = positions(bytes, wanted);
  }

  private static int[] positions(byte[] bytes, byte[] wanted) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        found.add(i);
        i += wanted.length - 1;
      }
    }
    return found.stream().mapToInt(i -> i).toArray();
  }

  /** Whether a request with this id can be made of it: it must not be longer or shorter. */
  public boolean takes(String id) {
    return id.length() == length;
  }

  /** The request with this id in the place of the first one's. */
  public byte[] with(String id) {
    var filled = bytes.clone();
    var other = ascii(id);
    for (int position : at) {
      System.arraycopy(other, 0, filled, position, length);
    }
    return filled;
  }

  private static byte[] ascii(String id) {
    return id.getBytes(StandardCharsets.US_ASCII);
  }
}
