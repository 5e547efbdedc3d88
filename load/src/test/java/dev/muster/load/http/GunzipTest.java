package dev.muster.load.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GunzipTest {
  private static final byte[] PLAIN = new byte[100_000];

  static {
    var random = new Random(7);
    for (int i = 0; i < PLAIN.length; i++) {
      PLAIN[i] = (byte) (random.nextInt(100) < 80 ? 'a' : random.nextInt(256));
    }
  }

  @Test
  void whatWasPackedComesOutHoweverItsBytesAreCut() throws Exception {
    var packed = gzip(PLAIN);
    for (int size : new int[] {1, 7, 1000, packed.length}) {
      assertThat(unpack(packed, size)).as("pieces of %d", size).isEqualTo(PLAIN);
    }
  }

  @Test
  void whatIsFlushedIsSeenBeforeTheEnd() throws Exception {
    var packed = new ByteArrayOutputStream();
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed, true);
        var gunzip = new Gunzip()) {
      gzip.write("one".getBytes(US_ASCII));
      gzip.flush();
      var bytes = packed.toByteArray();
      gunzip.feed(bytes, 0, bytes.length, out::write);
      assertThat(out).hasToString("one");
      assertThat(gunzip.whole()).isFalse();
    }
  }

  @Test
  void allPartsOfAHeadArePassedOverAndMembersStandInARow() throws Exception {
    var plain = gzip("x".getBytes(US_ASCII));
    for (int flags = 0; flags < 32; flags++) {
      var packed = new ByteArrayOutputStream();
      packed.write(plain, 0, 3);
      packed.write(flags);
      packed.write(plain, 4, 6);
      if ((flags & 4) != 0) {
        packed.write(new byte[] {3, 0, 9, 9, 9});
      }
      if ((flags & 8) != 0) {
        packed.write("name\0".getBytes(US_ASCII));
      }
      if ((flags & 16) != 0) {
        packed.write("comment\0".getBytes(US_ASCII));
      }
      if ((flags & 2) != 0) {
        packed.write(new byte[] {1, 2});
      }
      packed.write(plain, 10, plain.length - 10);
      packed.write(plain);
      assertThat(unpack(packed.toByteArray(), 3)).as("flags %d", flags).asString().isEqualTo("xx");
    }
    var empty = new byte[] {0x1f, (byte) 0x8b, 8, 4, 0, 0, 0, 0, 0, 0, 0, 0};
    var noExtra = Arrays.copyOf(empty, empty.length + plain.length - 10);
    System.arraycopy(plain, 10, noExtra, empty.length, plain.length - 10);
    assertThat(unpack(noExtra, 1)).asString().isEqualTo("x");
  }

  @Test
  void whatIsCutIsNotWhole() throws Exception {
    var packed = gzip("some text".getBytes(US_ASCII));
    for (int length = 0; length <= packed.length; length++) {
      try (var gunzip = new Gunzip()) {
        gunzip.feed(packed, 0, length, (_, _, _) -> {});
        assertThat(gunzip.whole()).as("%d bytes", length).isEqualTo(length % packed.length == 0);
      }
    }
  }

  @Test
  void whatIsDamagedIsRefusedInWords() throws Exception {
    assertThatThrownBy(() -> unpack("data: no\n\n".getBytes(US_ASCII), 100))
        .isInstanceOf(ProtocolViolation.class)
        .hasMessage("it does not begin as gzip does");
    var packed = gzip(PLAIN);
    packed[packed.length - 8] ^= 1;
    assertThatThrownBy(() -> unpack(packed, 100))
        .hasMessage("what was packed is not what its checksum says");
    var middle = gzip(PLAIN);
    Arrays.fill(middle, 3000, 3100, (byte) 0xff);
    assertThatThrownBy(() -> unpack(middle, 100)).isInstanceOf(ProtocolViolation.class);
  }

  /** No damage of one byte gets through unseen, but where it says nothing of the content. */
  @Test
  void noDamageIsTakenForContent() throws Exception {
    var plain = "data: {\"choices\":[]}\n\n".repeat(20).getBytes(US_ASCII);
    var packed = gzip(plain);
    for (int at = 10; at < packed.length; at++) {
      var damaged = packed.clone();
      damaged[at] ^= (byte) 0x55;
      try (var gunzip = new Gunzip()) {
        var out = new ByteArrayOutputStream();
        gunzip.feed(damaged, 0, damaged.length, out::write);
        assertThat(gunzip.whole() && crc(out.toByteArray()) != crc(plain))
            .as("byte " + at)
            .isFalse();
      } catch (ProtocolViolation e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private static long crc(byte[] bytes) {
    var sum = new CRC32();
    sum.update(bytes);
    return sum.getValue();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    }
    return packed.toByteArray();
  }

  private static byte[] unpack(byte[] packed, int size) throws ProtocolViolation {
    var out = new ByteArrayOutputStream();
    try (var gunzip = new Gunzip()) {
      for (int at = 0; at < packed.length; at += size) {
        gunzip.feed(packed, at, Math.min(size, packed.length - at), out::write);
      }
      assertThat(gunzip.whole()).isTrue();
    }
    return out.toByteArray();
  }
}
