package dev.muster.deepseek.wire.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HttpInputTest {
  private static final String ANSWER =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n12\r\nsome more of this,\r\n1\r\n.\r\n0\r\nTrailer: t\r\n\r\n";

  /** Some bytes at a time, and often nothing yet. */
  private static final class Trickle extends InputStream {
    private final byte[] all;
    private final Random random;
    private int at;

    Trickle(String all, Random random) {
      this.all = all.getBytes(StandardCharsets.US_ASCII);
      this.random = random;
    }

    @Override
    public int read() {
      throw new AssertionError("one by one");
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (random.nextBoolean()) {
        return 0;
      }
      int n = Math.min(Math.min(length, 1 + random.nextInt(9)), all.length - at);
      System.arraycopy(all, at, into, offset, n);
      at += n;
      return n == 0 ? -1 : n;
    }
  }

  @Test
  void whatFindsNothingYetGoesOnWhereItWas() throws IOException {
    long seed = new Random().nextLong();
    System.out.println("HttpInputTest: seed " + seed);
    var random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      var in = new HttpInput(new Trickle(ANSWER + ANSWER, random));
      for (int answer = 0; answer < 2; answer++) {
        List<String> head = new ArrayList<>();
        do {
          head.add(in.line());
        } while (!head.getLast().isEmpty());
        assertThat(head).containsExactly("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "");
        var body = in.chunked(true);
        var text = new ByteArrayOutputStream();
        var part = new byte[7];
        for (int n = 0; n >= 0; n = body.read(part, 0, part.length)) {
          text.write(part, 0, n);
        }
        assertThat(text.toString(StandardCharsets.US_ASCII)).isEqualTo("abcsome more of this,.");
        assertThat(body.complete()).isTrue();
      }
    }
  }
}
