package dev.muster.load.answer;

/** Tells whether bytes are UTF-8, as strictly as Java's decoder and without decoding them. */
public final class Utf8 {
  private Utf8() {}

  /** Whether the bytes from {@code from} to before {@code to} are whole characters of UTF-8. */
  public static boolean valid(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to) {
      int lead = bytes[i++];
      if (lead >= 0) {
        continue;
      }
      int more = more(lead & 0xff);
      if (more == 0 || i + more > to || !inRange(lead & 0xff, bytes[i] & 0xff)) {
        return false;
      }
      for (int last = i + more; i < last; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
          return false;
        }
      }
    }
    return true;
  }

  /** How many bytes follow this one; 0 if it cannot be a first one of several. */
  private static int more(int lead) {
    if (lead < 0xc2 || lead > 0xf4) {
      return 0; // a following byte, a longer form of ASCII, or beyond the last character
    }
    return lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  }

  /** The second byte tells longer forms than needed, surrogates and what lies beyond U+10FFFF. */
  private static boolean inRange(int lead, int second) {
    return switch (lead) {
      case 0xe0 -> second >= 0xa0;
      case 0xed -> second < 0xa0;
      case 0xf0 -> second >= 0x90;
      case 0xf4 -> second < 0x90;
      default -> true;
    };
  }
}
