package dev.muster.load.answer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.timeline.Outcome;
import java.io.ByteArrayOutputStream;

/** Lines of a stream that are no part of its protocol: somebody else's words, mostly. */
public final class UnexpectedLines {
  private static final int MAX_BYTES = 64 << 10;

  private final ByteArrayOutputStream lines = new ByteArrayOutputStream(0);
  private boolean any;

  public void add(byte[] bytes, int from, int to) {
    any = true;
    int room = MAX_BYTES - lines.size();
    if (room > 0) {
      lines.write(bytes, from, Math.min(to - from, room));
      lines.write('\n');
    }
  }

  public boolean any() {
    return any;
  }

  /**
   * Whether something else came than a stream, now that it has ended; an error in JSON is told in
   * its own words.
   */
  public boolean insteadOfStream(boolean anyEvent, Flaws flaws) {
    var words = any ? ServerErrors.ofUnframed(lines.toString(UTF_8)) : null;
    if (words != null) {
      flaws.addWords(Outcome.IN_BAND_ERROR, words);
    } else if (any && !anyEvent) {
      flaws.add(
          Outcome.MALFORMED, "not an event stream, although it says so: " + lines.toString(UTF_8));
    }
    return words != null || (any && !anyEvent);
  }
}
