package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SlowClientsTest {
  private final AtomicLong now = new AtomicLong(5);
  private final SlowClients readers = new SlowClients(Duration.ofNanos(100), now::get);

  private final AtomicBoolean ended = new AtomicBoolean();

  @Test
  void aWriteThatTakesTooLongEndsTheConnection() {
    try (var client = readers.client(() -> ended.set(true))) {
      client.waitedFor();
      now.set(105);
      readers.look();
      assertThat(ended).isFalse();
      now.set(106);
      readers.look();
      assertThat(ended).isTrue();
    }
  }

  @Test
  void whoWritesNothingMayTakeHisTime() {
    try (var client = readers.client(() -> ended.set(true))) {
      client.waitedFor();
      client.came();
      now.set(1000);
      readers.look();
    }
    readers.look();
    assertThat(ended).isFalse();
  }

  @Test
  void whoIsGoneIsNotLookedAt() {
    var client = readers.client(() -> ended.set(true));
    client.waitedFor();
    client.close();
    now.set(1000);
    readers.look();
    assertThat(ended).isFalse();
  }
}
