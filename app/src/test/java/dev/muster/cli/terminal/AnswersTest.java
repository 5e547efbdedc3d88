package dev.muster.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.engine.home.Refusal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private final ByteArrayOutputStream asked = new ByteArrayOutputStream();

  private Answers answers(String text, boolean terminal) {
    return new Answers(
        new BufferedReader(new StringReader(text)),
        new PrintStream(asked, true, StandardCharsets.UTF_8),
        terminal);
  }

  @Test
  void onATerminalItIsAskedFor() throws IOException {
    assertThat(answers("2\n", true).chosen("workload", null, List.of("a", "b"))).isEqualTo("b");
    assertThat(asked.toString(StandardCharsets.UTF_8))
        .isEqualTo("workload:%n  1  a%n  2  b%nnumber or name: ".formatted());
  }

  /** The refusal that follows begins a line of its own. */
  @Test
  void whoEndsTheInputIsRefused() {
    assertThatThrownBy(() -> answers("", true).chosen("workload", null, List.of("a", "b")))
        .isInstanceOf(Refusal.class)
        .hasMessage("give --workload: one of a, b");
    assertThat(asked.toString(StandardCharsets.UTF_8))
        .endsWith("number or name: " + System.lineSeparator());
  }

  @Test
  void whereNobodyCanAnswerNothingIsAsked() throws IOException {
    assertThatThrownBy(() -> answers("", false).chosen("workload", null, List.of("a", "b")))
        .hasMessage("give --workload: one of a, b");
    assertThat(answers("b\n", false).chosen("workload", null, List.of("a", "b"))).isEqualTo("b");
    assertThat(asked.size()).isZero();
  }
}
