package dev.muster.load.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    return of("POST", target, headers, body);
  }

  /**
   * The same request for what is behind that event of its answer.
   *
   * @param lastEventId letters that can stand in a header
   */
  public static byte[] behind(byte[] request, String lastEventId) {
    int line = 0;
    while (request[line] != '\n') {
      line++;
    }
    var header = ("last-event-id: " + lastEventId + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    int rest = line + 1;
    var bytes = new byte[request.length + header.length];
    System.arraycopy(request, 0, bytes, 0, rest);
    System.arraycopy(header, 0, bytes, rest, header.length);
    System.arraycopy(request, rest, bytes, rest + header.length, request.length - rest);
    return bytes;
  }

  /**
   * A request of any method that has an answer with a body.
   *
   * @param body null where there is none, and no content-length either
   */
  public static byte[] of(
      String method, String target, Map<String, String> headers, byte @Nullable [] body) {
    var head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body != null) {
      head.append("content-length: ").append(body.length).append("\r\n");
    }
    head.append("\r\n");
    int own = body == null ? 2 : 3;
    long lines = head.chars().filter(c -> c == '\n' || c == '\r').count();
    if (lines != 2L * (headers.size() + own) || head.chars().anyMatch(c -> c > 0xff)) {
      throw new IllegalArgumentException(
          "a header of the load has a line break, or a letter outside of ISO 8859-1: "
              + headers.keySet());
    }
    var bytes =
        Arrays.copyOf(
            head.toString().getBytes(StandardCharsets.ISO_8859_1),
            head.length() + (body == null ? 0 : body.length));
    if (body != null) {
      System.arraycopy(body, 0, bytes, head.length(), body.length);
    }
    return bytes;
  }
}
