package dev.muster.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.engine.run.Abort;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of signals. */
class InterruptTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final List<Integer> exits = new ArrayList<>();
  private final Interrupt interrupt =
      new Interrupt(
          new PrintStream(said, true, StandardCharsets.UTF_8),
          "'muster cleanup' undoes what is left",
          exits::add);

  @Test
  void theFirstAsksForTheEndAndTheSecondEndsAtOnce() {
    Abort abort = interrupt.running();
    interrupt.heard(2);
    assertThat(abort.reason()).isEqualTo("interrupted by the user");
    assertThat(Thread.interrupted()).isFalse();
    assertThat(exits).isEmpty();
    assertThat(text()).contains("once more ends at once").doesNotContain("muster cleanup");
    interrupt.heard(2);
    assertThat(exits).containsExactly(130);
    assertThat(text()).contains("ended at once", "'muster cleanup' undoes what is left");
  }

  @Test
  void whatIsNotADrillYetIsInterrupted() {
    interrupt.heard(15);
    assertThat(Thread.interrupted()).isTrue();
    interrupt.heard(15);
    assertThat(exits).containsExactly(143);
  }

  @Test
  void afterTheEndItEndsWithoutAWord() {
    interrupt.running();
    interrupt.over();
    interrupt.heard(1);
    assertThat(exits).containsExactly(129);
    assertThat(text()).isEmpty();
  }

  @Test
  void signalsOfTheOperatingSystemAreHeardAgainAndAgain() throws Exception {
    var heard = new LinkedBlockingQueue<Integer>();
    Signals.listen(heard::add, "WINCH");
    for (int time = 0; time < 2; time++) {
      new ProcessBuilder("kill", "-WINCH", Long.toString(ProcessHandle.current().pid()))
          .start()
          .waitFor();
      assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
    }
  }

  private String text() {
    return said.toString(StandardCharsets.UTF_8);
  }
}
