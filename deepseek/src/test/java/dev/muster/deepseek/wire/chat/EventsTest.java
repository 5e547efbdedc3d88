package dev.muster.deepseek.wire.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final int LIMIT = 20_000;

  /** Gives a few bytes at a time, as a network may. */
  private static InputStream pieces(String text, Random random) {
    return new ByteArrayInputStream(text.getBytes(UTF_8)) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, 1 + random.nextInt(30)));
      }
    };
  }

  /** Data of events; {@code :} is a comment. */
  private static List<String> all(InputStream in) throws IOException {
    var events = new Events(in, LIMIT);
    var all = new ArrayList<String>();
    for (var data = events.next(); data != null; data = events.next()) {
      all.add(data.length == 0 ? ":" : new String(data, UTF_8));
    }
    return all;
  }

  @Test
  void tellsEventsHoweverTheyAreCut() throws IOException {
    long seed = System.nanoTime();
    var random = new Random(seed);
    var big = "x".repeat(9_000);
    for (int i = 0; i < 100; i++) {
      assertThat(
              all(
                  pieces(
                      ": keep-alive\n\ndata: a\n\nid: 1\r\nevent: e\r\ndata:b\r\n\r\n\n\ndata: c\ndata: d\n\ndata: "
                          + big
                          + "\n\n:\n",
                      random)))
          .as("seed %d", seed)
          .containsExactly(":", "a", "b", "c\nd", big, ":");
    }
  }

  /** As on an event loop, where nothing is waited for. */
  @Test
  void whereNothingIsThereYetItGoesOnWhenAskedAgain() throws IOException {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      var in = pieces("data: a\n\n: k\n\ndata: b\n: k\ndata: c\n\n", random);
      var events =
          new Events(
              new InputStream() {
                @Override
                public int read() throws IOException {
                  return in.read();
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                  return random.nextBoolean() ? 0 : in.read(into, offset, Math.min(length, 3));
                }
              },
              LIMIT);
      var all = new ArrayList<String>();
      while (!events.ended()) {
        var data = events.next();
        if (data != null) {
          all.add(data.length == 0 ? ":" : new String(data, UTF_8));
        }
      }
      assertThat(all).as("seed %d", seed).containsExactly("a", ":", ":", "b\nc");
    }
  }

  @Test
  void anEventWithoutItsBlankLineIsNone() throws IOException {
    assertThat(all(pieces("data: a\n\ndata: [DONE]\n", new Random(1)))).containsExactly("a");
    assertThat(all(pieces("data: a\n\ndata: [DO", new Random(1)))).containsExactly("a");
  }

  @Test
  void whatIsTooLongEnds() {
    var long_ = "data: " + "x".repeat(3 * LIMIT) + "\n\n";
    assertThatThrownBy(() -> all(pieces(long_, new Random(1)))).hasMessageContaining("longer than");
    var many = ("data: " + "x".repeat(1_000) + "\n").repeat(50) + "\n";
    assertThatThrownBy(() -> all(pieces(many, new Random(1)))).hasMessageContaining("longer than");
  }
}
