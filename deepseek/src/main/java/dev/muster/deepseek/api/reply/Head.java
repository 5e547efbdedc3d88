package dev.muster.deepseek.api.reply;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.http.ClientConnection;
import dev.muster.deepseek.wire.http.Server;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of an answer, held back until it is known who answers, and the body behind it, in the
 * chunks of HTTP/1.1. One thread uses it at a time.
 *
 * <p>The web server writes the head, the first part and the end. The parts between are written past
 * it, as bytes that are there already: it would copy each of them twice more, and the garbage of a
 * thousand tokens delays the next one.
 */
final class Head {
  private static final int MOST_UNSENT = 16 * 1024;
  private static final int SIZE = 6; // of a chunk's size before it: four digits and a line end
  private static final int LINE_END = 2;

  private final ServerResponse response;
  private final ClientConnection client;
  private final Header type;
  private final long heldUntil;
  private String pod = "";
  private int attempts;
  private int status = 200;
  private @Nullable OutputStream out;
  private byte[] unsent = new byte[512]; // behind room for its size, before room for a line end
  private int length;

  Head(ServerResponse response, ClientConnection client, Header type, Duration hold) {
    this.response = response;
    this.client = client;
    this.type = type;
    this.heldUntil = System.nanoTime() + hold.toNanos();
  }

  void attempt(String worker, int number) {
    pod = worker;
    attempts = number;
  }

  /** Whether the client has it, or what it gets next. */
  boolean sent() {
    return out != null || length > 0;
  }

  int status() {
    return status;
  }

  /** Whether the client has waited long enough for a sign of life. */
  boolean overdue() {
    return sent() || System.nanoTime() - heldUntil >= 0;
  }

  /** Takes down a part of the body for the next {@link #flush}. */
  void add(byte[] part) {
    if (length > 0 && length + part.length > MOST_UNSENT) {
      flush();
    }
    int end = SIZE + length + part.length;
    if (end + LINE_END > unsent.length) {
      unsent = Arrays.copyOf(unsent, Math.max(2 * unsent.length, end + LINE_END));
    }
    System.arraycopy(part, 0, unsent, end - part.length, part.length);
    length += part.length;
  }

  /** Sends a part of the body, what was taken down before it, and before that the head. */
  void write(String text) {
    add(text.getBytes(StandardCharsets.UTF_8));
    flush();
  }

  /** One write for all that was taken down: each costs a system call, and a chunk of HTTP. */
  void flush() {
    if (length == 0) {
      return;
    }
    try {
      if (out == null) {
        client.together(this::send); // the head, and what is behind it
      } else {
        send();
      }
    } catch (RuntimeException e) {
      throw new Reply.ClientGone(e);
    } finally {
      length = 0; // sent, or nobody is left to have it
    }
  }

  private void send() {
    try {
      if (out != null && length <= MOST_UNSENT) {
        sendChunk();
        return;
      }
      var body = out;
      if (body == null) {
        response.header(type).header(HeaderNames.CACHE_CONTROL.defaultCase(), "no-cache");
        stamp();
        body = response.outputStream();
        out = body;
      }
      body.write(unsent, SIZE, length);
      body.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void sendChunk() throws IOException {
    for (int i = 0; i < 4; i++) {
      unsent[i] = (byte) Character.forDigit((length >> (12 - 4 * i)) & 0xf, 16);
    }
    unsent[4] = '\r';
    unsent[5] = '\n';
    unsent[SIZE + length] = '\r';
    unsent[SIZE + length + 1] = '\n';
    client.answer(unsent, 0, SIZE + length + LINE_END);
  }

  /** The regular end of the body, together with what was not sent of it. */
  void close() {
    try {
      client.together(() -> {
        flush();
        end();
      });
    } catch (Reply.ClientGone e) {
      throw e;
    } catch (RuntimeException e) {
      throw new Reply.ClientGone(e);
    }
  }

  private void end() {
    try {
      if (out != null) {
        out.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A refusal instead of a body; only before the head was sent. */
  void refuse(ApiError error) {
    status = error.status();
    stamp();
    try {
      Server.send(response, error);
    } catch (RuntimeException e) {
      throw new Reply.ClientGone(e);
    }
  }

  private void stamp() {
    if (attempts > 0) {
      response.header("x-served-by", pod).header("x-attempts", Integer.toString(attempts));
    }
  }
}
