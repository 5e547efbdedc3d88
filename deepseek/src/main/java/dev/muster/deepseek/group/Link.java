package dev.muster.deepseek.group;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The connection between a leader and one of its followers, which is kept. Lines pass over it: a
 * number is a step that begins, and the same number back is this rank's part of it, done. A group
 * that has nothing to do makes empty steps, as signs of life.
 *
 * <p>One thread reads, any may write.
 */
final class Link implements Closeable {
  /** By a follower, first: its rank and the size of its group. */
  static final String JOIN = "join";

  /** By the leader: all ranks are there. */
  static final String WHOLE = "whole";

  /** By a follower that is about to end. */
  static final String LEAVING = "leaving";

  private static final int LONGEST = 200;

  private final Socket socket;
  private final BufferedReader in;

  Link(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII), LONGEST);
  }

  /**
   * From now on a read fails if nothing came for so long.
   *
   * @param bound zero for ever
   */
  void silence(Duration bound) throws IOException {
    socket.setSoTimeout((int) bound.toMillis());
  }

  /**
   * @throws EOFException if the other side is gone
   */
  String read() throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection was closed");
      }
      if (line.length() == LONGEST) {
        throw new IOException("no line of this protocol: " + line);
      }
      line.append((char) c);
    }
    return line.toString();
  }

  void write(String line) throws IOException {
    var bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
    synchronized (this) {
      socket.getOutputStream().write(bytes);
    }
  }

  /**
   * @throws IOException if the line is none
   */
  static long step(String line) throws IOException {
    try {
      return Long.parseLong(line);
    } catch (NumberFormatException e) {
      throw new IOException("no step: " + line, e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // as gone as one that closes
    }
  }
}
