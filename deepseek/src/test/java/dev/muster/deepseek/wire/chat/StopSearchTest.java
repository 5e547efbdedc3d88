package dev.muster.deepseek.wire.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StopSearchTest {
  /** How many pieces come until the text ends, and how much of it is told. */
  private static String end(List<String> stops, String... pieces) {
    var search = new StopSearch(stops);
    for (int i = 0; i < pieces.length; i++) {
      if (search.ends(pieces[i])) {
        return (i + 1) + " pieces, " + search.cut() + " characters";
      }
    }
    return "none, " + search.cut();
  }

  @Test
  void aSequenceMayBeginInOnePieceAndEndInAnother() {
    assertThat(end(List.of("c"), "ab", "cd")).isEqualTo("2 pieces, 2 characters");
    assertThat(end(List.of("bcd"), "ab", "cd")).isEqualTo("2 pieces, 1 characters");
    assertThat(end(List.of("bcde"), "ab", "c", "d", "ef")).isEqualTo("4 pieces, 1 characters");
    assertThat(end(List.of("ab"), "xxaa", "b")).isEqualTo("2 pieces, 3 characters");
  }

  @Test
  void theOneThatBeginsFirstCounts() {
    assertThat(end(List.of("d", "bc"), "ab", "cd")).isEqualTo("2 pieces, 1 characters");
    assertThat(end(List.of("a"), "ab", "cd")).isEqualTo("1 pieces, 0 characters");
  }

  @Test
  void whatIsNeverThereEndsNothing() {
    assertThat(end(List.of("x", "abd"), "ab", "cd")).isEqualTo("none, -1");
  }
}
