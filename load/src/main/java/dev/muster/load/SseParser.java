package dev.muster.load;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts the bytes of a {@code text/event-stream} into events. Strict where a lost node shows: an
 * event counts only when its blank line has arrived, so what the end of the stream cuts off is
 * never an event. Comments are no events.
 *
 * <p>Lines end with LF, CRLF or CR. Bytes may come in pieces of any size. Does no I/O. Not safe for
 * use by several threads.
 */
public final class SseParser {
  /** Longest event, in bytes: against a server that never ends one. */
  static final int MAX_EVENT_BYTES = 1 << 20;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
  private final List<String> data = new ArrayList<>();
  private String name = "";
  private int eventBytes;
  private boolean afterCarriageReturn;
  private boolean firstLine = true;
  private int strangeLines;

  /**
   * The events that these bytes complete, in order.
   *
   * @throws MalformedAnswerException if it is not UTF-8 or an event is longer than 1 MiB
   */
  public List<SseEvent> feed(byte[] bytes, int offset, int length) {
    var events = new ArrayList<SseEvent>();
    for (int i = offset; i < offset + length; i++) {
      byte b = bytes[i];
      boolean secondHalfOfCrLf = b == '\n' && afterCarriageReturn;
      afterCarriageReturn = b == '\r';
      if (secondHalfOfCrLf) {
        continue;
      }
      if (b == '\n' || b == '\r') {
        endOfLine(events);
      } else {
        line.write(b);
        if (++eventBytes > MAX_EVENT_BYTES) {
          throw new MalformedAnswerException("an event of more than " + MAX_EVENT_BYTES + " bytes");
        }
      }
    }
    return events;
  }

  /** Lines so far that are neither comment nor a field of the protocol. They are passed over. */
  public int strangeLines() {
    return strangeLines;
  }

  /** Whether bytes have come that belong to an event whose blank line has not. */
  public boolean insideEvent() {
    return line.size() > 0 || !data.isEmpty();
  }

  private void endOfLine(List<SseEvent> events) {
    var text = decode(line.toByteArray());
    line.reset();
    if (firstLine) {
      firstLine = false;
      text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }
    if (text.isEmpty()) {
      if (!data.isEmpty()) {
        events.add(new SseEvent(name.isEmpty() ? "message" : name, String.join("\n", data)));
      }
      data.clear();
      name = "";
      eventBytes = 0;
    } else if (text.startsWith(":")) {
      // a comment may be part of an event but never makes one longer: keep-alive for ever is legal
      eventBytes -= Math.min(eventBytes, text.length());
    } else {
      field(text);
    }
  }

  private void field(String text) {
    int colon = text.indexOf(':');
    var field = colon < 0 ? text : text.substring(0, colon);
    var value = colon < 0 ? "" : text.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (field) {
      case "data" -> data.add(value);
      case "event" -> name = value;
      case "id", "retry" -> {}
      default -> strangeLines++;
    }
  }

  private static String decode(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedAnswerException("a line of the stream is not UTF-8");
    }
  }
}
