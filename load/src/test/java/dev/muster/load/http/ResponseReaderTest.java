package dev.muster.load.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ResponseReaderTest {
  private static final class Seen implements ResponseReader.Parts {
    private final StringBuilder body = new StringBuilder();
    private ResponseHead head = new ResponseHead(1, 0, java.util.Map.of());

    @Override
    public void head(ResponseHead head) {
      this.head = head;
    }

    @Override
    public void body(byte[] bytes, int offset, int length) {
      body.append(new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    }
  }

  private final Seen seen = new Seen();
  private final ResponseReader reader = new ResponseReader(seen);

  private void feed(String text) throws ProtocolViolation {
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    reader.feed(bytes, 0, bytes.length);
  }

  private static final String CHUNKED =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "Transfer-Encoding: chunked",
          "X-A: 1",
          "x-a:2 ",
          "",
          "5",
          "hello",
          "1A;name=value",
          "abcdefghijklmnopqrstuvwxyz",
          "0",
          "x-trailer: t",
          "",
          "");

  @Test
  void aChunkedBodyIsTheSameHoweverItsBytesAreCut() throws ProtocolViolation {
    long seed = RandomGenerator.getDefault().nextLong();
    var random = new Random(seed);
    var bytes = CHUNKED.getBytes(StandardCharsets.ISO_8859_1);
    for (int round = 0; round < 500; round++) {
      var parts = new Seen();
      var each = new ResponseReader(parts);
      for (int from = 0, n; from < bytes.length; from += n) {
        assertThat(each.done()).isFalse();
        n = Math.min(bytes.length - from, 1 + random.nextInt(round % 40 + 1));
        each.feed(bytes, from, n);
      }
      assertThat(each.done()).as("seed %d", seed).isTrue();
      assertThat(each.persistent()).isTrue();
      assertThat(parts.body).as("seed %d", seed).hasToString("helloabcdefghijklmnopqrstuvwxyz");
      assertThat(parts.head.all("x-a")).containsExactly("1", "2");
    }
  }

  @Test
  void everyPrefixOfAResponseIsIncomplete() throws ProtocolViolation {
    for (int end = 0; end < CHUNKED.length(); end++) {
      var each = new ResponseReader(new Seen());
      each.feed(CHUNKED.getBytes(StandardCharsets.ISO_8859_1), 0, end);
      assertThat(each.wholeAtClose()).as(CHUNKED.substring(0, end)).isFalse();
      assertThat(each.untouched()).isEqualTo(end == 0);
    }
  }

  @Test
  void aBodyOfKnownLengthEndsThere() throws ProtocolViolation {
    feed("HTTP/1.1 500 X\r\nContent-Length: 3\r\n\r\nab");
    assertThat(reader.done()).isFalse();
    assertThat(reader.wholeAtClose()).isFalse();
    feed("c");
    assertThat(reader.done()).isTrue();
    assertThat(reader.persistent()).isTrue();
    assertThat(seen.head.status()).isEqualTo(500);
  }

  @Test
  void whatFollowsUnaskedIsNotReadAndEndsTheConnection() throws ProtocolViolation {
    feed("HTTP/1.1 200 X\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 X\r\n");
    assertThat(reader.done()).isTrue();
    assertThat(reader.persistent()).isFalse();
    assertThat(seen.body).hasToString("abc");
  }

  @Test
  void withoutLengthTheBodyLastsUntilTheClose() throws ProtocolViolation {
    feed("HTTP/1.0 200\r\n\r\nabc");
    assertThat(reader.done()).isFalse();
    assertThat(reader.wholeAtClose()).isTrue();
    assertThat(reader.persistent()).isFalse();
    assertThat(seen.body).hasToString("abc");
  }

  @Test
  void theServerSaysWhetherTheConnectionIsKept() throws ProtocolViolation {
    feed("HTTP/1.1 204 X\r\nConnection: x, Close\r\n\r\n");
    assertThat(reader.done()).isTrue();
    assertThat(reader.persistent()).isFalse();
    var old = new ResponseReader(seen);
    var bytes =
        "HTTP/1.0 204 X\r\nconnection: keep-alive\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    old.feed(bytes, 0, bytes.length);
    assertThat(old.persistent()).isTrue();
  }

  @Test
  void anInterimResponseIsNotTheResponse() throws ProtocolViolation {
    feed("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
    assertThat(seen.head.status()).isZero();
    feed("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assertThat(seen.head.status()).isEqualTo(200);
    assertThat(reader.done()).isTrue();
  }

  @Test
  void whatIsNoHttpSaysWhereItIsWrong() {
    for (var wrong :
        new String[][] {
          {"SSH-2.0-OpenSSH\r\n", "begins with \"SSH-2\""},
          {"HTTP/2.0 200 OK\r\n\r\n", "not a status line: \"HTTP/2.0 200 OK\""},
          {"HTTP/1.1 20x OK\r\n\r\n", "not a status line"},
          {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "not a header line: \"no colon\""},
          {"HTTP/1.1 200 OK\r\na b: c\r\n\r\n", "not a header line"},
          {"HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\n", "3, 4"},
          {"HTTP/1.1 200 OK\r\ncontent-length: -3\r\n\r\n", "content-length -3"},
          {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n", "size of a chunk"},
          {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n", "size of a chunk"},
          {"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n", "longer than"},
          {"HTTP/1.1 200 OK\r\nx: " + "y".repeat(70_000), "more than 65536 bytes"},
        }) {
      var bytes = wrong[0].getBytes(StandardCharsets.US_ASCII);
      assertThatThrownBy(() -> new ResponseReader(new Seen()).feed(bytes, 0, bytes.length))
          .as(wrong[0])
          .isInstanceOf(ProtocolViolation.class)
          .hasMessageContaining(wrong[1]);
    }
  }
}
