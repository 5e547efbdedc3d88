package dev.muster.load.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the bytes of a response's head until the empty line. */
final class HeadReader {
  /** As much as nginx, Envoy and Node.js take at the very most, in bytes. */
  private static final int MAX_BYTES = 64 << 10;

  private static final byte[] BEGINNING = "HTTP/".getBytes(ISO_8859_1);
  private static final String VERSION = "HTTP/1.";
  private static final String MARKS = "!#$%&'*+.^_`|~-";

  private byte[] bytes = new byte[512];
  private int length;
  private int lineBegin;

  /** The next byte; the head if it was its last, else null. */
  @Nullable ResponseHead add(byte b) throws ProtocolViolation {
    if (length == bytes.length) {
      if (length == MAX_BYTES) {
        throw new ProtocolViolation("a head of more than " + MAX_BYTES + " bytes");
      }
      bytes = Arrays.copyOf(bytes, Math.min(2 * length, MAX_BYTES));
    }
    bytes[length++] = b;
    if (b != '\n') {
      if (length == BEGINNING.length
          && !Arrays.equals(bytes, 0, length, BEGINNING, 0, BEGINNING.length)) {
        throw new ProtocolViolation(
            "not an HTTP response: it begins with \"" + text(string(0, length)) + "\"");
      }
      return null;
    }
    int end = length - 1;
    boolean blank = end == lineBegin || (end == lineBegin + 1 && bytes[lineBegin] == '\r');
    if (!blank || lineBegin == 0) {
      lineBegin = length;
      return null;
    }
    var head = parse();
    length = 0;
    lineBegin = 0;
    return head;
  }

  /** Whether nothing has come yet. */
  boolean empty() {
    return length == 0;
  }

  private ResponseHead parse() throws ProtocolViolation {
    int end = lineEnd(0);
    var status = line(0, end);
    if (!isStatus(status)) {
      throw new ProtocolViolation("not a status line: \"" + text(status) + "\"");
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (int begin = end + 1; begin < lineBegin; begin = end + 1) {
      end = lineEnd(begin);
      var each = line(begin, end);
      int colon = each.indexOf(':');
      if (!isName(each, colon)) {
        throw new ProtocolViolation("not a header line: \"" + text(each) + "\"");
      }
      headers
          .computeIfAbsent(
              each.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
          .add(each.substring(colon + 1).strip());
    }
    return new ResponseHead(
        status.charAt(VERSION.length()) - '0', Integer.parseInt(status.substring(9, 12)), headers);
  }

  private int lineEnd(int begin) {
    int end = begin;
    while (bytes[end] != '\n') {
      end++;
    }
    return end;
  }

  private String line(int begin, int end) {
    return string(begin, end > begin && bytes[end - 1] == '\r' ? end - 1 : end);
  }

  private String string(int begin, int end) {
    return new String(bytes, begin, end - begin, ISO_8859_1);
  }

  /** HTTP/1.0 or HTTP/1.1, a status of 100 to 599, and perhaps a reason. */
  private static boolean isStatus(String line) {
    return line.startsWith(VERSION)
        && line.length() >= 12
        && (line.charAt(7) == '0' || line.charAt(7) == '1')
        && line.charAt(8) == ' '
        && line.charAt(9) >= '1'
        && line.charAt(9) <= '5'
        && isDigit(line.charAt(10))
        && isDigit(line.charAt(11))
        && (line.length() == 12 || line.charAt(12) == ' ');
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isName(String line, int length) {
    for (int i = 0; i < length; i++) {
      char c = line.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !isDigit(c) && MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return length > 0;
  }

  /** As a person can read it, whatever the bytes are. */
  private static String text(String line) {
    var clipped = line.length() <= 80 ? line : line.substring(0, 80) + "…";
    var bytes = clipped.getBytes(ISO_8859_1);
    return new String(bytes, StandardCharsets.US_ASCII).replaceAll("\\p{Cntrl}", "?");
  }
}
