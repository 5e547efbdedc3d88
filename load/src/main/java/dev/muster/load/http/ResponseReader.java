package dev.muster.load.http;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Takes apart the bytes of one HTTP/1.1 response (RFC 9112), however they are cut into pieces. Does
 * no I/O. Not safe for use by several threads.
 */
final class ResponseReader {
  /** What comes of it, in this order: a head, pieces of the body. */
  interface Parts {
    void head(ResponseHead head) throws ProtocolViolation;

    /** Valid during the call only. */
    void body(byte[] bytes, int offset, int length);
  }

  private enum State {
    HEAD,
    FIXED,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK,
    AFTER_CHUNK,
    TRAILER_BEGIN,
    TRAILER,
    UNTIL_CLOSE,
    DONE
  }

  /** A chunk of more than this many hexadecimal digits has no size that anybody sends. */
  private static final int MAX_DIGITS = 15;

  private final Parts parts;
  private final HeadReader headReader = new HeadReader();
  private State state = State.HEAD;
  private @Nullable ResponseHead head;
  private long left;
  private int digits;
  private boolean excess;

  ResponseReader(Parts parts) {
    this.parts = parts;
  }

  /** The next bytes. */
  void feed(byte[] bytes, int offset, int length) throws ProtocolViolation {
    int i = offset;
    int end = offset + length;
    while (i < end) {
      switch (state) {
        case FIXED, CHUNK -> i += content(bytes, i, end - i);
        case UNTIL_CLOSE -> {
          parts.body(bytes, i, end - i);
          i = end;
        }
        case DONE -> {
          excess = true; // nobody asked for it, and what follows cannot be told from it
          return;
        }
        default -> one(bytes[i++]);
      }
    }
  }

  /** Whether the response is whole. */
  boolean done() {
    return state == State.DONE;
  }

  /** Whether it would be whole if the connection ended now. */
  boolean wholeAtClose() {
    return state == State.DONE || state == State.UNTIL_CLOSE;
  }

  /** Whether not a single byte of it has come. */
  boolean untouched() {
    return state == State.HEAD && head == null && headReader.empty();
  }

  /** Whether the connection may carry another request after it. */
  boolean persistent() {
    return state == State.DONE && !excess && head != null && head.persistent();
  }

  private int content(byte[] bytes, int offset, int length) {
    int n = (int) Math.min(left, length);
    left -= n;
    if (left == 0) {
      state = state == State.FIXED ? State.DONE : State.AFTER_CHUNK;
    }
    parts.body(bytes, offset, n);
    return n;
  }

  private void one(byte b) throws ProtocolViolation {
    switch (state) {
      case HEAD -> {
        var complete = headReader.add(b);
        if (complete != null && complete.status() >= 200) { // 1xx is followed by the real one
          head = complete;
          frame(complete);
          parts.head(complete);
        }
      }
      case CHUNK_SIZE -> chunkSize(b);
      case CHUNK_EXTENSION -> {
        if (b == '\n') {
          sized();
        }
      }
      case AFTER_CHUNK -> {
        if (b == '\n') {
          state = State.CHUNK_SIZE;
        } else if (b != '\r') {
          throw new ProtocolViolation("a chunk is longer than its size says");
        }
      }
      case TRAILER_BEGIN -> {
        if (b == '\n') {
          state = State.DONE;
        } else if (b != '\r') {
          state = State.TRAILER;
        }
      }
      case TRAILER -> {
        if (b == '\n') {
          state = State.TRAILER_BEGIN;
        }
      }
      default -> throw new IllegalStateException("no single byte is read in " + state);
    }
  }

  private void chunkSize(byte b) throws ProtocolViolation {
    int digit = Character.digit(b, 16);
    if (digit >= 0 && digits < MAX_DIGITS) {
      left = left << 4 | digit;
      digits++;
    } else if (digits > 0 && b == '\n') {
      sized();
    } else if (digits > 0 && (b == '\r' || b == ';' || b == ' ' || b == '\t')) {
      state = State.CHUNK_EXTENSION;
    } else {
      throw new ProtocolViolation(
          "not the size of a chunk: it has " + digits + " digits and then byte " + (b & 0xff));
    }
  }

  private void sized() {
    digits = 0;
    state = left == 0 ? State.TRAILER_BEGIN : State.CHUNK;
  }

  private void frame(ResponseHead complete) throws ProtocolViolation {
    if (complete.status() == 204 || complete.status() == 304) {
      state = State.DONE;
    } else if (complete.has("transfer-encoding", "chunked")) {
      state = State.CHUNK_SIZE;
    } else {
      var length = length(complete);
      left = length.orElse(0);
      state = length.isEmpty() ? State.UNTIL_CLOSE : left == 0 ? State.DONE : State.FIXED;
    }
  }

  private static OptionalLong length(ResponseHead head) throws ProtocolViolation {
    if (head.all("content-length").isEmpty()) {
      return OptionalLong.empty();
    }
    var values = head.all("content-length").stream().distinct().toList();
    if (values.size() > 1 || !values.getFirst().matches("[0-9]{1,18}")) {
      throw new ProtocolViolation("content-length " + String.join(", ", values));
    }
    return OptionalLong.of(Long.parseLong(values.getFirst()));
  }
}
