package dev.muster.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FillTest {
  private static final Path FILE = Path.of("fill");

  @Test
  void a_size_is_taken_as_it_is() {
    assertThat(new Fill(FILE, 400, 0, 0).size(500, 1000)).isEqualTo(400);
  }

  @Test
  void a_share_counts_what_is_in_use_already() {
    assertThat(new Fill(FILE, 0, 80, 0).size(500, 1000)).isEqualTo(300);
  }

  @Test
  void what_is_to_be_left_is_left() {
    assertThat(new Fill(FILE, 0, 0, 120).size(500, 1000)).isEqualTo(380);
  }

  @Test
  void nothing_to_take_and_more_than_there_is_are_refused() {
    assertThatThrownBy(() -> new Fill(FILE, 0, 50, 0).size(500, 1000))
        .isInstanceOf(FaultException.class)
        .hasMessage("the disk is as full as that already: 500 of 1000 bytes are free");
    assertThatThrownBy(() -> new Fill(FILE, 0, 0, 600).size(500, 1000))
        .isInstanceOf(FaultException.class);
    assertThatThrownBy(() -> new Fill(FILE, 501, 0, 0).size(500, 1000))
        .isInstanceOf(FaultException.class)
        .hasMessage("only 500 bytes are free, not 501");
  }
}
