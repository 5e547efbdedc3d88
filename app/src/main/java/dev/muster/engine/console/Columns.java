package dev.muster.engine.console;

/** How wide a text stands on a terminal, where a letter of Chinese takes two columns. */
final class Columns {
  private static final String ELLIPSIS = "…";

  /** First and last of each run of wide characters (Unicode's East Asian Width, W and F). */
  private static final int[] WIDE = {
    0x1100, 0x115F, 0x2E80, 0x303E, 0x3041, 0xA4CF, 0xA960, 0xA97C, 0xAC00, 0xD7A3, 0xF900, 0xFAFF,
    0xFE10, 0xFE19, 0xFE30, 0xFE6F, 0xFF00, 0xFF60, 0xFFE0, 0xFFE6, 0x20000, 0x3FFFD
  };

  private Columns() {}

  static int of(String text) {
    return text.codePoints().map(Columns::of).sum();
  }

  private static int of(int letter) {
    int type = Character.getType(letter);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0; // on the letter before it
    }
    if (Character.isEmojiPresentation(letter)) {
      return 2;
    }
    for (int i = 0; i < WIDE.length; i += 2) {
      if (WIDE[i] <= letter && letter <= WIDE[i + 1]) {
        return 2;
      }
    }
    return 1;
  }

  /** On one line of so many columns at most; what does not fit is an ellipsis. */
  static String cut(String text, int columns) {
    String line = text.replaceAll("\\p{Cntrl}+", " ");
    if (of(line) <= columns) {
      return line;
    }
    StringBuilder kept = new StringBuilder();
    int left = columns - of(ELLIPSIS);
    for (int letter : line.codePoints().toArray()) {
      left -= of(letter);
      if (left < 0) {
        break;
      }
      kept.appendCodePoint(letter);
    }
    return columns <= 0 ? "" : kept + ELLIPSIS;
  }
}
