package dev.muster.deepseek.prefill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class HandedOverTest {
  @Test
  void isReadBehindItsSignsOfLife() throws IOException {
    var done = new HandedOver(208, 5_000_000_000L, 7);
    assertThat(HandedOver.parse(("\n\n\n" + done.json()).getBytes(UTF_8))).isEqualTo(done);
  }

  @Test
  void signsOfLifeAloneAreNoResult() {
    for (var answer : new String[] {"", "\n\n", "{}", "{\"cached_tokens\":", "no"}) {
      assertThatThrownBy(() -> HandedOver.parse(answer.getBytes(UTF_8)))
          .as("`%s`", answer)
          .isInstanceOf(IOException.class);
    }
  }
}
