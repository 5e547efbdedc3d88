package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TrainingTest {
  /** Or the cache would lack what comes after the word that ended it. */
  @Test
  void theClusterThatIsPlayedIsEnoughForAWholePlan() throws Exception {
    StringWriter said = new StringWriter();
    assertThat(Training.plan(new PrintWriter(said, true))).as(said.toString()).isZero();
  }
}
