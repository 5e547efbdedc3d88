package dev.muster.deepseek.api.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.deepseek.wire.ApiError;
import dev.muster.deepseek.wire.chat.Chunk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GuardedReplyTest {
  private final AtomicLong now = new AtomicLong(7);
  private final AtomicBoolean left = new AtomicBoolean();
  private final List<String> told = new ArrayList<>();
  private final CountDownLatch mute = new CountDownLatch(1);
  private final CountDownLatch writing = new CountDownLatch(1);
  private final GuardedReply reply = new GuardedReply(new Told(), left::get, now::get);

  /** Notes what a client would read; takes the event "mute" for ever. */
  private final class Told implements Reply {
    @Override
    public void attempt(String pod, int attempts) {
      told.add("attempt " + pod);
    }

    @Override
    public void restart() {
      told.add("restart");
    }

    @Override
    public void alive() {
      told.add("alive");
    }

    @Override
    public void event(Chunk chunk, String id) {
      var data = chunk.toString();
      if (data.equals("mute")) {
        writing.countDown();
        try {
          mute.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
      told.add(data);
    }

    @Override
    public void flush() {
      // all is told at once
    }

    @Override
    public boolean begun() {
      return !told.isEmpty();
    }

    @Override
    public boolean retryable() {
      return false;
    }

    @Override
    public void finish() {
      told.add("finish");
    }

    @Override
    public void fail(ApiError error) {
      told.add(String.valueOf(error.getMessage()));
    }

    @Override
    public void cut() {
      told.add("cut");
    }

    @Override
    public int status() {
      return 200;
    }
  }

  private static Chunk chunk(String text) {
    return new Chunk(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aSignOfLifeComesWhereNothingElseDoes() {
    now.set(106);
    reply.keepAlive(100, 0);
    now.set(107);
    reply.keepAlive(100, 0);
    now.set(150);
    reply.event(chunk("token"), "1");
    now.set(249);
    reply.keepAlive(100, 0);
    now.set(250);
    reply.keepAlive(100, 0);
    reply.keepAlive(100, 0);
    reply.finish();
    now.set(1000);
    reply.keepAlive(100, 0);
    assertThat(told).containsExactly("alive", "token", "alive", "finish");
  }

  @Test
  void whileNobodyIsKnownToAnswerTheHeadIsHeldBack() {
    now.set(4_999);
    reply.keepAlive(100, 5_000);
    assertThat(told).isEmpty();
    now.set(5_200);
    reply.keepAlive(100, 5_000);
    now.set(5_300);
    reply.keepAlive(100, 5_000);
    assertThat(told).containsExactly("alive", "alive");
  }

  @Test
  void itDoesNotMixWithWhatIsBeingWritten() throws InterruptedException {
    var thread = Thread.startVirtualThread(() -> reply.event(chunk("mute"), "1"));
    writing.await();
    now.set(1000);
    reply.keepAlive(100, 0);
    mute.countDown();
    thread.join();
    assertThat(told).containsExactly("mute");
  }

  @Test
  void whereTheGatewayStopsTheClientIsToldHowToGoOn() {
    reply.event(chunk("token"), "1-a-7");
    reply.drain();
    assertThatThrownBy(() -> reply.event(chunk("next"), "1-a-8"))
        .isInstanceOf(Reply.Draining.class);
    assertThatThrownBy(reply::check).isInstanceOf(Reply.Draining.class);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    reply.fail(ApiError.server("ignored"));
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    reply.drain();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(told)
        .containsExactly(
            "token",
            "This gateway is shutting down. Send the same request again with the header"
                + " Last-Event-ID: 1-a-7 to get the rest of this answer.");
  }

  @Test
  void whoLeftIsToldNothing() {
    reply.check();
    left.set(true);
    assertThatThrownBy(reply::check).isInstanceOf(Reply.ClientGone.class);
    assertThatThrownBy(() -> reply.event(chunk("token"), "1")).isInstanceOf(Reply.ClientGone.class);
    assertThat(told).isEmpty();
  }
}
