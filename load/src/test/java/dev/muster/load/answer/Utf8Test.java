package dev.muster.load.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class Utf8Test {

  @Test
  void everyCharacterIsValidAndNoSurrogateIs() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        var bytes = Character.toString(c).getBytes(UTF_8);
        if (!Utf8.valid(bytes, 0, bytes.length)
            || Utf8.valid(bytes, 0, bytes.length - 1) != (bytes.length == 1)) {
          throw new AssertionError("U+" + Integer.toHexString(c));
        }
      }
    }
  }

  @Test
  void saysTheSameAsJavasDecoder() {
    long seed = RandomGenerator.getDefault().nextLong();
    var random = new SplittableRandom(seed);
    int[] edges = {
      0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
      0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff
    };
    for (int i = 0; i < 300_000; i++) {
      var bytes = new byte[1 + random.nextInt(5)];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] = (byte) edges[random.nextInt(edges.length)];
      }
      if (Utf8.valid(bytes, 0, bytes.length) != decodes(bytes)) {
        throw new AssertionError("seed " + seed + ", " + HexFormat.of().formatHex(bytes));
      }
    }
  }

  private static boolean decodes(byte[] bytes) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
