package dev.muster.load.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Puts a request together as it goes over the wire. */
public final class RequestBytes {
  private RequestBytes() {}

  /**
   * A POST with its content-length.
   *
   * @param target path and query
   * @throws IllegalArgumentException if the target or a header has a character that would end its
   *     line, or that is not of one byte
   */
  public static byte[] post(String target, Map<String, String> headers, byte[] body) {
    var head = new StringBuilder("POST ").append(target).append(" HTTP/1.1\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("content-length: ").append(body.length).append("\r\n\r\n");
    long lines = head.chars().filter(c -> c == '\n' || c == '\r').count();
    if (lines != 2L * (headers.size() + 3) || head.chars().anyMatch(c -> c > 0xff)) {
      throw new IllegalArgumentException(
          "a header of the load has a line break, or a letter outside of ISO 8859-1: "
              + headers.keySet());
    }
    var bytes = new byte[head.length() + body.length];
    System.arraycopy(
        head.toString().getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, head.length());
    System.arraycopy(body, 0, bytes, head.length(), body.length);
    return bytes;
  }
}
