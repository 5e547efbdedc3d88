package dev.muster.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.agent.words.AgentEventWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ReaperTest {
  private static final class Run implements Reaper.Namespace {
    private String text = "alive at 1";
    private String trouble = "";
    private int deleted;

    @Override
    public String read() throws IOException {
      if (!trouble.isEmpty()) {
        throw new IOException(trouble);
      }
      return text;
    }

    @Override
    public void delete() {
      deleted++;
    }
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();
  private final Run run = new Run();
  private final Reaper reaper =
      new Reaper(
          run,
          Duration.ofSeconds(45),
          new AgentEventWriter(
              new PrintStream(out, true, StandardCharsets.UTF_8),
              InstantSource.fixed(Instant.EPOCH)),
          nanos::get);

  private void lookAt(int second) throws InterruptedException {
    nanos.set(Duration.ofSeconds(second).toNanos());
    reaper.look();
  }

  @Test
  void aRunThatIsSilentIsReapedAndTold() throws InterruptedException {
    lookAt(1);
    lookAt(45);
    assertThat(run.deleted).isZero();
    lookAt(46);
    assertThat(run.deleted).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"event\":\"reaping\"");
  }

  @Test
  void anySignOfLifeBeginsTheSilenceAnew() throws InterruptedException {
    lookAt(1);
    run.text = "alive at 44";
    lookAt(45);
    lookAt(89);
    assertThat(run.deleted).isZero();
    lookAt(90);
    assertThat(run.deleted).isEqualTo(1);
  }

  @Test
  void whatCouldNotBeAskedIsNoSilenceAndIsToldOnce() throws InterruptedException {
    lookAt(1);
    run.trouble = "connection refused";
    lookAt(30);
    lookAt(35);
    run.trouble = "";
    lookAt(50);
    lookAt(94);
    assertThat(run.deleted).isZero();
    lookAt(95);
    assertThat(run.deleted).isEqualTo(1);
    assertThat(out.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains("not-reached")))
        .singleElement()
        .asString()
        .contains("connection refused");
  }
}
