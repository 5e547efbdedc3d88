package dev.muster.load.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.SplittableRandom;

/** What may happen to an answer on its way, by chance: up to three harms, or none. */
public final class Harm {
  private Harm() {}

  /**
   * @param scraps that may stand in it where they do not belong
   */
  public static byte[] done(byte[] whole, List<String> scraps, SplittableRandom random) {
    var bytes = whole;
    for (int harm = random.nextInt(4); harm > 0 && bytes.length > 0; harm--) {
      int at = random.nextInt(bytes.length);
      int to = at + random.nextInt(Math.min(200, bytes.length - at) + 1);
      var out = new ByteArrayOutputStream();
      out.write(bytes, 0, at);
      switch (random.nextInt(6)) {
        case 0 -> out.write(bytes, to, bytes.length - to);
        case 1 -> {
          out.write(bytes, at, to - at);
          out.write(bytes, at, bytes.length - at);
        }
        case 2 -> {
          out.write(random.nextInt(256));
          out.write(bytes, at + 1, bytes.length - at - 1);
        }
        case 3, 4 -> {
          var scrap = scraps.get(random.nextInt(scraps.size())).getBytes(UTF_8);
          out.write(scrap, 0, scrap.length);
          out.write(bytes, at, bytes.length - at);
        }
        default -> {} // cut off
      }
      bytes = out.toByteArray();
    }
    return bytes;
  }
}
