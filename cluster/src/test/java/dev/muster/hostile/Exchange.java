package dev.muster.hostile;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request of HTTP/1.1 and the socket on which it is answered, well or badly.
 *
 * @param query decoded
 * @param headers by names in lower case
 */
public record Exchange(
    Socket socket,
    String method,
    String path,
    Map<String, String> query,
    Map<String, String> headers,
    String body) {

  /** Null at the end of the connection. */
  static @Nullable Exchange read(Socket socket, BufferedInputStream in) throws IOException {
    String first = line(in);
    if (first == null || first.isEmpty()) {
      return null;
    }
    Map<String, String> headers = new HashMap<>();
    for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
    }
    int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    String[] words = first.split(" ", -1);
    String[] target = words[1].split("\\?", 2);
    Map<String, String> query = new HashMap<>();
    if (target.length == 2) {
      for (String each : target[1].split("&", -1)) {
        String[] pair = each.split("=", 2);
        query.put(pair[0], pair.length == 1 ? "" : decoded(pair[1]));
      }
    }
    return new Exchange(socket, words[0], decoded(target[0]), query, headers, body);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  boolean watches() {
    return query.containsKey("watch");
  }

  /** A whole answer. */
  public void answer(int status, String json, String... headers) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    head(status, "Content-Length: " + bytes.length, headers);
    write(bytes);
  }

  /** Half of what is promised; the connection stays open. */
  public void half(String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    head(200, "Content-Length: " + bytes.length);
    write(java.util.Arrays.copyOf(bytes, bytes.length / 2));
  }

  /** Begins a stream of chunks. */
  public void begin() throws IOException {
    head(200, "Transfer-Encoding: chunked");
  }

  public void chunk(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
    write(bytes);
    write("\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  public void end() throws IOException {
    write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
  }

  private void head(int status, String framing, String... headers) throws IOException {
    var head = new StringBuilder("HTTP/1.1 " + status + " X\r\n");
    head.append("Content-Type: application/json\r\n").append(framing).append("\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
  }

  private void write(byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    out.flush();
  }
}
