package dev.muster.load.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShareTest {
  @Test
  void eachRequestIsOfExactlyOnePart() {
    for (int of = 1; of <= 8; of++) {
      for (long number = 0; number < 1000; number++) {
        long n = number;
        int parts = of;
        assertThat(IntStream.range(0, of).filter(part -> new Share(part, parts).has(n)).count())
            .as("request %d of %d parts", number, of)
            .isEqualTo(1);
      }
    }
    assertThat(IntStream.range(0, 100).allMatch(Share.WHOLE::has)).isTrue();
  }

  @Test
  void aPartThatIsNoneIsRefused() {
    assertThatThrownBy(() -> new Share(3, 3)).hasMessage("part 3 of 3 is none");
    assertThatThrownBy(() -> new Share(-1, 3)).hasMessage("part -1 of 3 is none");
  }
}
