package dev.muster.load.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Cuts the bytes of a {@code text/event-stream} into events. Strict where a lost node shows: an
 * event counts only when its blank line has arrived, so what the end of the stream cuts off is
 * never an event. Comments are no events.
 *
 * <p>Lines end with LF, CRLF or CR. Bytes may come in pieces of any size. An event of one line of
 * data that lies whole in one piece is handed on where it lies; others are put together. Does no
 * I/O. Not safe for use by several threads.
 */
public final class SseParser {
  /** Longest event, in bytes: against a server that never ends one. */
  static final int MAX_EVENT_BYTES = 1 << 20;

  /** The name of an event that has none; always this instance. */
  public static final String MESSAGE = "message";

  private static final byte[] DATA = "data".getBytes(UTF_8);
  private static final byte[] EVENT = "event".getBytes(UTF_8);
  private static final byte[] ID = "id".getBytes(UTF_8);
  private static final byte[] RETRY = "retry".getBytes(UTF_8);
  private static final byte[] MESSAGE_BYTES = MESSAGE.getBytes(UTF_8);

  /** Who gets the events. The bytes are UTF-8, and the array its own only until it returns. */
  public interface Handler {
    /**
     * An event that its blank line has completed.
     *
     * @param name the {@code event} field; {@link #MESSAGE} where there was none
     * @param bytes has the {@code data} lines, joined by line feeds
     */
    void event(String name, byte[] bytes, int from, int to);

    /** A line that is neither a comment nor a field of the protocol, without its end. */
    void strange(byte[] bytes, int from, int to);
  }

  private static final class Bytes extends ByteArrayOutputStream {
    byte[] array() {
      return buf;
    }
  }

  private final Handler handler;

  /** The beginning of a line whose end has not come. */
  private final Bytes line = new Bytes();

  private boolean lineIsAscii = true;

  /** The event's data, where it had to be put together or kept from one piece to the next. */
  private final Bytes joined = new Bytes();

  /** Where the event's data is: in the caller's array, in that of {@link #line} or joined. */
  private byte[] data = {};

  private int dataFrom;
  private int dataTo;
  private int dataLines;
  private boolean isJoined;
  private String name = MESSAGE;
  private int eventBytes;

  /** The id of the last event that is complete, and that of the one that is not. */
  private Bytes id = new Bytes();

  private Bytes nextId = new Bytes();
  private boolean hasId;
  private boolean afterCarriageReturn;
  private boolean firstLine = true;

  public SseParser(Handler handler) {
    this.handler = handler;
  }

  /**
   * Hands on the events that these bytes complete, in order.
   *
   * @throws MalformedAnswerException if a line is not UTF-8 or an event is longer than 1 MiB, after
   *     the events before it; nothing may be fed then
   */
  public void feed(byte[] bytes, int offset, int length) {
    int end = offset + length;
    int from = offset;
    while (from < end) {
      if (afterCarriageReturn) {
        afterCarriageReturn = false;
        if (bytes[from] == '\n') {
          from++;
          continue;
        }
      }
      int signs = 0;
      int to = from;
      for (; to < end && bytes[to] != '\n' && bytes[to] != '\r'; to++) {
        signs |= bytes[to];
      }
      if (to == end) {
        break;
      }
      endOfLine(bytes, from, to, signs >= 0);
      afterCarriageReturn = bytes[to] == '\r';
      from = to + 1;
    }
    keep(bytes, from, end);
  }

  /** The stream has ended: a line without its end is strange if it cannot become a field. */
  public void end() {
    int size = line.size();
    if (size > 0 && Utf8.valid(line.array(), 0, size) && !mayBecomeKnown(line.array(), size)) {
      handler.strange(line.array(), 0, size);
    }
  }

  /** Of the last complete event that had one that can stand in a header; empty where none had. */
  public String lastEventId() {
    for (int i = 0; i < id.size(); i++) {
      if (id.array()[i] <= ' ' || id.array()[i] == 0x7f) {
        return "";
      }
    }
    return new String(id.array(), 0, id.size(), UTF_8);
  }

  /** Whether the beginning of a line has come that cannot become a field. */
  public boolean strangeHalf() {
    return line.size() > 0 && !mayBecomeKnown(line.array(), line.size());
  }

  /** The stream goes on elsewhere, behind its last complete event. */
  public void again() {
    line.reset();
    lineIsAscii = true;
    dataLines = 0;
    name = MESSAGE;
    eventBytes = 0;
    hasId = false;
    afterCarriageReturn = false;
    firstLine = true;
  }

  /** Whether bytes have come that belong to an event whose blank line has not. */
  public boolean insideEvent() {
    return line.size() > 0 || dataLines > 0;
  }

  /** The caller's array is his again: what is needed of it is copied. */
  private void keep(byte[] bytes, int from, int end) {
    if (dataLines == 1 && !isJoined) {
      join(data, dataFrom, dataTo);
    }
    if (from < end) {
      lineIsAscii &= isAscii(bytes, from, end);
      line.write(bytes, from, end - from);
      limit(line.size());
    }
  }

  private void endOfLine(byte[] bytes, int from, int to, boolean ascii) {
    if (line.size() == 0) {
      whole(bytes, from, to, ascii);
    } else {
      line.write(bytes, from, to - from);
      int size = line.size();
      boolean allAscii = ascii && lineIsAscii;
      line.reset(); // its array is written to again only after the event is handed on or kept
      lineIsAscii = true;
      whole(line.array(), 0, size, allAscii);
    }
  }

  private void whole(byte[] bytes, int begin, int to, boolean ascii) {
    int size = to - begin;
    limit(size);
    if (!ascii && !Utf8.valid(bytes, begin, to)) {
      throw new MalformedAnswerException("a line of the stream is not UTF-8");
    }
    int from = firstLine ? afterByteOrderMark(bytes, begin, to) : begin;
    firstLine = false;
    if (from == to) {
      blankLine();
    } else if (bytes[from] != ':') {
      // a comment may be part of an event but never makes one longer: keep-alive for ever is legal
      eventBytes += size;
      field(bytes, from, to);
    }
  }

  private void limit(int more) {
    if (eventBytes + more > MAX_EVENT_BYTES) {
      throw new MalformedAnswerException("an event of more than " + MAX_EVENT_BYTES + " bytes");
    }
  }

  private void blankLine() {
    boolean complete = dataLines > 0;
    var itsName = name;
    dataLines = 0;
    name = MESSAGE;
    eventBytes = 0;
    if (hasId) {
      var old = id;
      id = nextId;
      nextId = old;
      hasId = false;
    }
    if (complete) {
      handler.event(itsName, data, dataFrom, dataTo);
    }
  }

  private void field(byte[] bytes, int from, int to) {
    int colon = from;
    while (colon < to && bytes[colon] != ':') {
      colon++;
    }
    int value = Math.min(to, colon + 1);
    if (value < to && bytes[value] == ' ') {
      value++;
    }
    if (is(DATA, bytes, from, colon)) {
      data(bytes, value, to);
    } else if (is(EVENT, bytes, from, colon)) {
      boolean usual = value == to || is(MESSAGE_BYTES, bytes, value, to);
      name = usual ? MESSAGE : new String(bytes, value, to - value, UTF_8);
    } else if (is(ID, bytes, from, colon)) {
      nextId.reset();
      nextId.write(bytes, value, to - value);
      hasId = true;
    } else if (!is(RETRY, bytes, from, colon)) {
      handler.strange(bytes, from, to);
    }
  }

  private void data(byte[] bytes, int from, int to) {
    if (dataLines == 0) {
      data = bytes;
      dataFrom = from;
      dataTo = to;
      isJoined = false;
    } else {
      if (dataLines == 1 && !isJoined) {
        join(data, dataFrom, dataTo);
      }
      joined.write('\n');
      joined.write(bytes, from, to - from);
      pointToJoined();
    }
    dataLines++;
  }

  private void join(byte[] bytes, int from, int to) {
    joined.reset();
    joined.write(bytes, from, to - from);
    pointToJoined();
  }

  private void pointToJoined() {
    data = joined.array();
    dataFrom = 0;
    dataTo = joined.size();
    isJoined = true;
  }

  private static boolean mayBecomeKnown(byte[] line, int size) {
    int from = afterByteOrderMark(line, 0, size);
    if (from == size || line[from] == ':') {
      return true;
    }
    for (var field : new byte[][] {DATA, EVENT, ID, RETRY}) {
      int length = Math.min(field.length, size - from);
      if (Arrays.equals(field, 0, length, line, from, from + length)
          && (size - from <= field.length || line[from + field.length] == ':')) {
        return true;
      }
    }
    return false;
  }

  private static int afterByteOrderMark(byte[] bytes, int from, int to) {
    boolean mark =
        to - from >= 3
            && bytes[from] == (byte) 0xef
            && bytes[from + 1] == (byte) 0xbb
            && bytes[from + 2] == (byte) 0xbf;
    return mark ? from + 3 : from;
  }

  private static boolean isAscii(byte[] bytes, int from, int to) {
    int signs = 0;
    for (int i = from; i < to; i++) {
      signs |= bytes[i];
    }
    return signs >= 0;
  }

  private static boolean is(byte[] word, byte[] bytes, int from, int to) {
    return Arrays.equals(word, 0, word.length, bytes, from, to);
  }
}
