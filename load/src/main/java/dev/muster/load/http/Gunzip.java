package dev.muster.load.http;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks a body of {@code content-encoding: gzip} (RFC 1952, several members in a row included) as
 * its bytes come, so that a token that is flushed is seen when it arrives. Not safe for use by
 * several threads.
 */
public final class Gunzip implements AutoCloseable {
  /** Gets what was unpacked, valid during the call only. */
  @FunctionalInterface
  public interface Sink {
    void accept(byte[] bytes, int offset, int length);
  }

  private enum State {
    HEAD,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    HEAD_SUM,
    DEFLATED,
    TRAILER
  }

  private static final int HEAD_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int PIECE_BYTES = 8 << 10;
  private static final int HAS_HEAD_SUM = 2;
  private static final int HAS_EXTRA = 4;
  private static final int HAS_NAME = 8;
  private static final int HAS_COMMENT = 16;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 sum = new CRC32();
  private final byte[] piece = new byte[PIECE_BYTES];
  private State state = State.HEAD;
  private boolean begun;
  private int flags;
  private int position;
  private long number;

  /**
   * The next bytes.
   *
   * @throws ProtocolViolation if they are not what gzip makes; nothing may follow then
   */
  public void feed(byte[] bytes, int offset, int length, Sink sink) throws ProtocolViolation {
    int i = offset;
    int end = offset + length;
    while (i < end) {
      begun = true;
      if (state == State.DEFLATED) {
        i = inflate(bytes, i, end, sink);
      } else {
        one(bytes[i++] & 0xff);
      }
    }
  }

  /** Whether the body would be whole if it ended here. An empty one is. */
  public boolean whole() {
    return !begun || (state == State.HEAD && position == 0);
  }

  private int inflate(byte[] bytes, int from, int end, Sink sink) throws ProtocolViolation {
    inflater.setInput(bytes, from, end - from);
    try {
      while (true) {
        int made = inflater.inflate(piece);
        if (made > 0) {
          sum.update(piece, 0, made);
          sink.accept(piece, 0, made);
        } else if (inflater.finished()) {
          enter(State.TRAILER);
          return end - inflater.getRemaining();
        } else {
          return end;
        }
      }
    } catch (DataFormatException e) {
      throw new ProtocolViolation("what was packed is damaged: " + e.getMessage());
    }
  }

  private void one(int value) throws ProtocolViolation {
    switch (state) {
      case HEAD -> head(value);
      case EXTRA_LENGTH -> {
        number |= (long) value << (8 * position);
        if (++position == 2) {
          enter(number == 0 ? after(HAS_EXTRA) : State.EXTRA);
        }
      }
      case EXTRA -> {
        if (++position == number) {
          enter(after(HAS_EXTRA));
        }
      }
      case NAME -> text(value, HAS_NAME);
      case COMMENT -> text(value, HAS_COMMENT);
      case HEAD_SUM -> {
        if (++position == 2) {
          enter(State.DEFLATED);
        }
      }
      case TRAILER -> trailer(value);
      case DEFLATED -> throw new IllegalStateException();
    }
  }

  private void head(int value) throws ProtocolViolation {
    boolean good =
        switch (position) {
          case 0 -> value == 0x1f;
          case 1 -> value == 0x8b;
          case 2 -> value == 8; // the only method that there is
          default -> true;
        };
    if (!good) {
      throw new ProtocolViolation("it does not begin as gzip does");
    }
    if (position == 3) {
      flags = value;
    }
    if (++position == HEAD_BYTES) {
      enter(after(0));
    }
  }

  /** The optional parts stand in the order of these flags, but for the sum, which is last. */
  private State after(int part) {
    if (part < HAS_EXTRA && (flags & HAS_EXTRA) != 0) {
      return State.EXTRA_LENGTH;
    }
    if (part < HAS_NAME && (flags & HAS_NAME) != 0) {
      return State.NAME;
    }
    if (part < HAS_COMMENT && (flags & HAS_COMMENT) != 0) {
      return State.COMMENT;
    }
    return (flags & HAS_HEAD_SUM) != 0 ? State.HEAD_SUM : State.DEFLATED;
  }

  private void text(int value, int part) {
    if (value == 0) {
      enter(after(part));
    }
  }

  private void trailer(int value) throws ProtocolViolation {
    number |= (long) value << (8 * position);
    if (++position == TRAILER_BYTES) {
      long length = inflater.getBytesWritten() & 0xffff_ffffL;
      if (number != ((length << 32) | sum.getValue())) {
        throw new ProtocolViolation("what was packed is not what its checksum says");
      }
      inflater.reset();
      sum.reset();
      enter(State.HEAD);
    }
  }

  /** A length that was read is still needed by what it is the length of. */
  private void enter(State next) {
    state = next;
    position = 0;
    if (next != State.EXTRA) {
      number = 0;
    }
  }

  /** Gives back memory that is not on the heap. */
  @Override
  public void close() {
    inflater.end();
  }
}
