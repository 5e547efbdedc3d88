package dev.muster.engine.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ColumnsTest {

  @Test
  void chineseTakesTwoAndAMarkNone() {
    assertThat(Columns.of("node-1")).isEqualTo(6);
    assertThat(Columns.of("节点, ok")).isEqualTo(8);
    assertThat(Columns.of("（全角）")).isEqualTo(8);
    assertThat(Columns.of("e\u0301")).isEqualTo(1);
    assertThat(Columns.of("🚀")).isEqualTo(2);
    assertThat(Columns.of("𠀀")).isEqualTo(2);
  }

  @Test
  void whatDoesNotFitIsAnEllipsis() {
    assertThat(Columns.cut("inject 00:01", 12)).isEqualTo("inject 00:01");
    assertThat(Columns.cut("inject 00:01", 11)).isEqualTo("inject 00:…");
    assertThat(Columns.cut("节点节点", 6)).isEqualTo("节点…");
    assertThat(Columns.cut("a\n\u001b[31mb", 20)).isEqualTo("a [31mb");
    assertThat(Columns.cut("abc", 0)).isEmpty();
  }

  @Test
  void noTextIsWiderThanAskedFor() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      StringBuilder text = new StringBuilder();
      random
          .ints(random.nextInt(40), 0x20, 0x30000)
          .filter(c -> Character.isDefined(c) && !Character.isSurrogate((char) c))
          .forEach(text::appendCodePoint);
      int columns = random.nextInt(30);
      String cut = Columns.cut(text.toString(), columns);
      assertThat(Columns.of(cut)).as("seed %d", seed).isLessThanOrEqualTo(columns);
    }
  }
}
