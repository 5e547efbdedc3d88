package dev.muster.agent.deed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.agent.node.FaultException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FillTest {
  private static final Path FILE = Path.of("fill");

  @Test
  void aSizeIsTakenAsItIs() {
    assertThat(new Fill(FILE, 400, 0, 0).size(500, 1000)).isEqualTo(400);
  }

  @Test
  void aShareCountsWhatIsInUseAlready() {
    assertThat(new Fill(FILE, 0, 80, 0).size(500, 1000)).isEqualTo(300);
  }

  @Test
  void whatIsToBeLeftIsLeft() {
    assertThat(new Fill(FILE, 0, 0, 120).size(500, 1000)).isEqualTo(380);
  }

  @Test
  void nothingToTakeAndMoreThanThereIsAreRefused() {
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
