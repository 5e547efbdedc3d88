package dev.muster.deepseek.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.wire.Log;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A leader of three ranks, whose followers are this test. */
class LeaderTest {
  private static final Log QUIET =
      new Log(new PrintStream(PrintStream.nullOutputStream()), InstantSource.system(), "", "");

  private final BlockingQueue<String> lost = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> leaving = new LinkedBlockingQueue<>();
  private final List<Link> links = new ArrayList<>();
  private Leader leader = leader(Duration.ofSeconds(30));

  private Leader leader(Duration timeout) {
    return Leader.start(
        new GroupConfig(3, 0, "", 0, timeout),
        "127.0.0.1",
        new Group.Listener() {
          @Override
          public void lost(String why) {
            lost.add(why);
          }

          @Override
          public void leaving(String why) {
            leaving.add(why);
          }
        },
        System::nanoTime,
        QUIET);
  }

  @AfterEach
  void close() {
    leader.close();
    links.forEach(Link::close);
  }

  private Link join(int rank, int size) throws IOException {
    var link = new Link(new Socket(InetAddress.getLoopbackAddress(), leader.port()));
    links.add(link);
    link.silence(Duration.ofSeconds(10));
    link.write("join %d %d".formatted(rank, size));
    return link;
  }

  /** Does its part of each step, until it is sent away. */
  private static void follow(Link link) {
    Thread.ofVirtual()
        .start(() -> {
          try {
            for (var line = link.read(); ; line = link.read()) {
              if (!line.equals(Link.WHOLE)) {
                link.write(line);
              }
            }
          } catch (IOException e) {
            link.close();
          }
        });
  }

  private List<Link> form() throws Exception {
    var both = List.of(join(1, 3), join(2, 3));
    leader.form();
    return both;
  }

  private String loss() throws InterruptedException {
    return String.valueOf(lost.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void itIsWholeOnceEveryRankIsThere() throws Exception {
    var formed = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            leader.form();
            formed.complete(null);
          } catch (InterruptedException e) {
            formed.completeExceptionally(e);
          }
        });
    assertThat(leader.missing()).containsExactly(1, 2);
    follow(join(2, 3));
    await().until(() -> leader.missing().equals(List.of(1)));
    assertThat(formed).isNotDone();
    follow(join(1, 3));
    formed.get(20, TimeUnit.SECONDS);
    assertThat(leader.missing()).isEmpty();
  }

  @Test
  void aStepEndsWhenAllRanksHaveDoneTheirPart() throws Exception {
    var links = form();
    follow(links.get(0));
    var slow = links.get(1);
    leader.begin();
    var ended = new CompletableFuture<Boolean>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            ended.complete(leader.end());
          } catch (InterruptedException e) {
            ended.completeExceptionally(e);
          }
        });
    var step = slow.read();
    while (step.equals(Link.WHOLE)) {
      step = slow.read();
    }
    assertThat(ended).isNotDone();
    slow.write(step);
    follow(slow);
    assertThat(ended.get(20, TimeUnit.SECONDS)).isTrue();
    assertThat(lost).isEmpty();
  }

  @Test
  void whereOneIsGoneAllAreSentAwayAndNoStepEnds() throws Exception {
    var links = form();
    follow(links.get(0));
    leader.begin();
    links.get(1).close();
    assertThat(leader.end()).isFalse();
    assertThat(lost).as("told before the step ends").hasSize(1);
    assertThat(loss()).startsWith("rank 2 is gone: ");
    await().until(() -> leader.missing().equals(List.of(1, 2)));
    form().forEach(LeaderTest::follow);
    leader.begin();
    assertThat(leader.end()).as("whole again").isTrue();
  }

  @Test
  void whoIsSilentForTooLongIsGone() throws Exception {
    leader.close();
    leader = leader(Duration.ofMillis(200));
    var links = form();
    follow(links.get(0));
    assertThat(loss()).isEqualTo("rank 2 is gone: silent for more than 200 ms");
    leader.begin();
    assertThat(leader.end()).isFalse();
  }

  @Test
  void whoComesAgainWasGone() throws Exception {
    form().forEach(LeaderTest::follow);
    follow(join(1, 3));
    assertThat(loss()).isEqualTo("rank 1 came again");
    await().until(() -> leader.missing().equals(List.of(2)));
  }

  @Test
  void whoLeavesBeforeAllAreThereIsNoLoss() throws Exception {
    var one = join(1, 3);
    await().until(() -> leader.missing().equals(List.of(2)));
    one.close();
    await().until(() -> leader.missing().equals(List.of(1, 2)));
    assertThat(lost).isEmpty();
  }

  @Test
  void aFollowerOfAnotherGroupIsRefused() throws Exception {
    for (var link : List.of(join(1, 4), join(0, 3), join(3, 3))) {
      await().atMost(Duration.ofSeconds(10)).until(() -> closed(link));
    }
    assertThat(leader.missing()).containsExactly(1, 2);
  }

  private static boolean closed(Link link) {
    try {
      link.read();
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void whoIsAboutToEndSaysSo() throws Exception {
    var links = form();
    links.forEach(LeaderTest::follow);
    links.get(0).write(Link.LEAVING);
    assertThat(leaving.poll(20, TimeUnit.SECONDS)).isEqualTo("rank 1 is about to end");
    assertThat(lost).isEmpty();
    leader.dissolve("rank 1 is about to end");
    assertThat(loss()).isEqualTo("rank 1 is about to end");
  }
}
