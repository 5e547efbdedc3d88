package dev.muster.lab.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessIdTest {

  @Test
  void aReusedPidIsAnotherProcessAndIsNotKilled() throws IOException {
    Process sleeper = new ProcessBuilder("sleep", "60").start();
    try {
      ProcessId real = ProcessId.of(sleeper.pid());
      ProcessId earlier = new ProcessId(real.pid(), real.start() - 1);
      assertThat(real.alive()).isTrue();
      assertThat(earlier.alive()).isFalse();
      earlier.kill();
      assertThat(sleeper.isAlive()).isTrue();
      real.kill();
      await().atMost(Duration.ofSeconds(5)).until(() -> !sleeper.isAlive());
      assertThat(real.alive()).isFalse();
    } finally {
      sleeper.destroyForcibly();
    }
  }

  @Test
  void aProcessThatNeverWasIsNotAlive() {
    assertThat(ProcessId.of(Integer.MAX_VALUE).alive()).isFalse();
    assertThat(ProcessId.of(Integer.MAX_VALUE).children()).isEmpty();
  }

  @Test
  void childrenAreFound() throws IOException {
    Process shell = new ProcessBuilder("sh", "-c", "sleep 60 & wait").start();
    try {
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(() -> assertThat(ProcessId.of(shell.pid()).children()).hasSize(1));
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
  }
}
