package dev.muster.agent.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.wire.AgentEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentEventWriterTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AgentEventWriter events =
      new AgentEventWriter(
          new PrintStream(out, true, StandardCharsets.UTF_8),
          InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z")));

  @Test
  void eachWordIsALineOfJsonWhateverIsInIt() {
    events.say(new AgentEvent.Refused("a \"quote\"\nand a line"));

    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"event\":\"refused\",\"at\":\"2026-01-02T03:04:05Z\",\"why\":\"a \\\"quote\\\"\\nand a line\"}\n");
  }

  @Test
  void itIsOnTheNodeTooAsLongAsTheFaultHasAFolder(@TempDir Path home) throws IOException {
    Path folder = Files.createDirectory(home.resolve("f"));
    events.alsoTo(folder);
    events.say(new AgentEvent.Injected());
    assertThat(Files.readAllLines(folder.resolve("evidence.jsonl"))).hasSize(1);

    Files.delete(folder.resolve("evidence.jsonl"));
    Files.delete(folder);
    events.say(new AgentEvent.Reverted());

    assertThat(folder).doesNotExist();
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(2);
  }
}
