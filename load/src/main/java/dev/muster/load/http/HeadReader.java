package dev.muster.load.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects the lines of a response's head until the empty one. */
final class HeadReader {
  /** As much as nginx, Envoy and Node.js take at the very most, in bytes. */
  private static final int MAX_BYTES = 64 << 10;

  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9]{2})( .*)?");
  private static final Pattern FIELD_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private final List<String> lines = new ArrayList<>();
  private final StringBuilder line = new StringBuilder();
  private int bytes;

  /** The next byte; the head if it was its last, else null. */
  @Nullable ResponseHead add(byte b) throws ProtocolViolation {
    if (++bytes > MAX_BYTES) {
      throw new ProtocolViolation("a head of more than " + MAX_BYTES + " bytes");
    }
    if (b != '\n') {
      line.append((char) (b & 0xff));
      if (lines.isEmpty() && line.length() == 5 && !line.toString().equals("HTTP/")) {
        throw new ProtocolViolation("not an HTTP response: it begins with \"" + text(line) + "\"");
      }
      return null;
    }
    if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
      line.setLength(line.length() - 1);
    }
    if (!line.isEmpty() || lines.isEmpty()) {
      lines.add(line.toString());
      line.setLength(0);
      return null;
    }
    var head = parse();
    lines.clear();
    bytes = 0;
    return head;
  }

  /** Whether nothing has come yet. */
  boolean empty() {
    return lines.isEmpty() && line.isEmpty();
  }

  private ResponseHead parse() throws ProtocolViolation {
    var status = STATUS_LINE.matcher(lines.getFirst());
    if (!status.matches()) {
      throw new ProtocolViolation("not a status line: \"" + text(lines.getFirst()) + "\"");
    }
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (var each : lines.subList(1, lines.size())) {
      int colon = each.indexOf(':');
      if (colon < 0 || !FIELD_NAME.matcher(each.substring(0, colon)).matches()) {
        throw new ProtocolViolation("not a header line: \"" + text(each) + "\"");
      }
      headers
          .computeIfAbsent(
              each.substring(0, colon).toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
          .add(each.substring(colon + 1).strip());
    }
    return new ResponseHead(
        Integer.parseInt(status.group(1)), Integer.parseInt(status.group(2)), headers);
  }

  /** As a person can read it, whatever the bytes are. */
  private static String text(CharSequence line) {
    var clipped = line.length() <= 80 ? line : line.subSequence(0, 80) + "…";
    var bytes = clipped.toString().getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.US_ASCII).replaceAll("\\p{Cntrl}", "?");
  }
}
