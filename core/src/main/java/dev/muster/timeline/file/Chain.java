package dev.muster.timeline.file;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether the lines of a timeline are those that were written, in their order. Each line ends with
 * a hash ({@code "chain"}) of what stands before it in the line and of the hash of the line before,
 * so that a line that was changed, added or taken away shows in the first line that does not fit.
 * What no chain can show is that lines at the very end are gone: {@code RunEnded} would be missing.
 *
 * @param unchained so many of the first lines have no hash: a Muster wrote them that had no chain
 * @param broken numbers, from 1, of the lines that do not fit what stands before them
 */
public record Chain(int unchained, List<Integer> broken) {
  /** What an empty timeline has. */
  public static final Chain WHOLE = new Chain(0, List.of());

  private static final byte[] FIELD = ",\"chain\":\"".getBytes(StandardCharsets.US_ASCII);

  /** Half a SHA-256: 128 bits. */
  private static final int DIGITS = 32;

  private static final int TAIL = FIELD.length + DIGITS + 2;

  /** Before the first line. */
  static final String BEGIN = "";

  /**
   * The line with its hash.
   *
   * @param before the {@link #hash} of the line before
   * @param object a JSON object with at least one field, in one line
   */
  static String link(String before, String object) {
    var open = object.substring(0, object.length() - 1);
    var hash = hash(before, open.getBytes(StandardCharsets.UTF_8));
    return open + new String(FIELD, StandardCharsets.US_ASCII) + hash + "\"}";
  }

  /** The hash that a line has; of one without, that of its text. */
  static String hash(byte[] line) {
    return linked(line)
        ? new String(line, line.length - DIGITS - 2, DIGITS, StandardCharsets.US_ASCII)
        : hash(BEGIN, line);
  }

  private static String hash(String before, byte[] text) {
    return Sha256.of(before.getBytes(StandardCharsets.US_ASCII), text).substring(0, DIGITS);
  }

  private static boolean linked(byte[] line) {
    int field = line.length - TAIL;
    return field > 0
        && Arrays.equals(line, field, field + FIELD.length, FIELD, 0, FIELD.length)
        && line[line.length - 2] == '"'
        && line[line.length - 1] == '}';
  }

  /** Lines one after another, as they are read. */
  static final class Follower {
    private final List<Integer> broken = new ArrayList<>();
    private String before = BEGIN;
    private int unchained;
    private boolean begun;

    /** The next line, without its end; false if it does not fit. */
    boolean line(int number, byte[] line) {
      boolean fits = fits(line);
      if (!fits) {
        broken.add(number);
      }
      begun |= linked(line);
      unchained += begun ? 0 : 1;
      before = hash(line);
      return fits;
    }

    private boolean fits(byte[] line) {
      return linked(line)
          ? hash(line).equals(hash(before, Arrays.copyOf(line, line.length - TAIL)))
          : !begun;
    }

    Chain chain() {
      return new Chain(unchained, List.copyOf(broken));
    }
  }
}
