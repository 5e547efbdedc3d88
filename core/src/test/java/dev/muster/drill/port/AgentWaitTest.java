package dev.muster.drill.port;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How long which pod is waited for, in virtual time. */
class AgentWaitTest {
  private static final AgentPod.Look MADE = new AgentPod.Look("", "Pending Creating", true);

  private final Clock clock = new Clock();
  private final Pod pod = new Pod();

  @Test
  void whatIsSaidEndsTheWaitAndBeforeItsEndOutweighsIt() throws InterruptedException {
    pod.says.put(20L, "begun");
    pod.looks.put(20L, new AgentPod.Look("the agent ended with exit code 3", "Failed", false));
    AgentWait.Heard heard = wait("begun");
    assertThat(heard.why()).isEmpty();
    assertThat(heard.words()).extracting(l -> l.event().word()).containsExactly("begun");
    assertThat(clock.seconds()).isEqualTo(20);
  }

  @Test
  void whatDoesNotHealEndsItAtOnce() throws InterruptedException {
    pod.looks.put(0L, MADE);
    pod.looks.put(7L, new AgentPod.Look("the agent's image a:1: ErrImagePull", "Pending", false));
    assertThat(wait("begun").why()).isEqualTo("the agent's image a:1: ErrImagePull");
    assertThat(clock.seconds()).isEqualTo(7);
  }

  @Test
  void aPodThatNobodyTakesUpIsNotWaitedForLong() throws InterruptedException {
    pod.looks.put(0L, new AgentPod.Look("", "Pending", false));
    assertThat(wait("begun").why())
        .isEqualTo("the agent did not begin within 60 s: its pod is Pending; nothing new for 60 s");
  }

  /** A state, an event and a word: each gives it time again. */
  @Test
  void whatGetsOnIsWaitedForUntilTheLimitOfAll() throws InterruptedException {
    pod.looks.put(0L, MADE);
    pod.looks.put(100L, new AgentPod.Look("", "Pending Creating [Initialized]", true));
    pod.events.put(200L, "Pulled, in 3 min");
    pod.says.put(350L, "armed");
    assertThat(wait("begun").why())
        .isEqualTo(
            "the agent got no further than 'armed' within 480 s: its pod is Pending Creating"
                + " [Initialized]; nothing new for 129 s; its last events: Pulled, in 3 min");
    assertThat(pod.looked).as("one look each time").isEqualTo(pod.heard).isEqualTo(1601);
    assertThat(pod.asked).as("seldom").isLessThan(49);
  }

  @Test
  void aKubeletThatFallsSilentIsGivenUp() throws InterruptedException {
    pod.looks.put(0L, MADE);
    pod.events.put(0L, "FailedCreatePodSandBox, no network");
    pod.events.put(30L, "FailedCreatePodSandBox, no network (2 times)");
    assertThat(wait("begun").why())
        .endsWith(
            "its pod is Pending Creating; nothing new for 150 s; its last events:"
                + " FailedCreatePodSandBox, no network (2 times)");
    assertThat(clock.seconds()).isBetween(180L, 191L);
  }

  /** Its events go on, and the error with them. */
  @Test
  void anErrorThatStandsIsGivenUpThoughItIsTriedAgain() throws InterruptedException {
    pod.looks.put(0L, MADE);
    pod.looks.put(40L, new AgentPod.Look("", "Pending CreateContainerError, name in use", false));
    for (long at = 40; at < 300; at += 10) {
      pod.events.put(at, "Failed, name in use (" + at + " times)");
    }
    assertThat(wait("begun").why())
        .contains("CreateContainerError, name in use; nothing new for 60 s; its last events: Fail");
    assertThat(clock.seconds()).isEqualTo(100);
  }

  private AgentWait.Heard wait(String word) throws InterruptedException {
    return AgentWait.until(
        words -> words.stream().anyMatch(s -> s.event().word().equals(word)),
        pod::said,
        pod,
        clock);
  }

  /** What it is and says from which second on. */
  private final class Pod implements AgentPod {
    final TreeMap<Long, Look> looks = new TreeMap<>();
    final TreeMap<Long, String> says = new TreeMap<>();
    final TreeMap<Long, String> events = new TreeMap<>();
    int looked;
    int heard;
    int asked;

    @Override
    public Look look() {
      looked++;
      var now = looks.floorEntry(clock.seconds());
      return now == null ? new Look("", "", false) : now.getValue();
    }

    @Override
    public List<AgentLine> said() {
      heard++;
      List<AgentLine> said = new ArrayList<>();
      says.headMap(clock.seconds(), true)
          .values()
          .forEach(s -> said.add(new AgentLine(null, new AgentEvent.Unknown(s, Map.of()))));
      return said;
    }

    @Override
    public String events() {
      asked++;
      var now = events.floorEntry(clock.seconds());
      return now == null ? "" : now.getValue();
    }

    @Override
    public Map<String, String> identity() {
      return Map.of();
    }

    @Override
    public void start(List<String> arguments) {
      // it was
    }

    @Override
    public void delete() {
      // not by a wait
    }

    @Override
    public boolean gone() {
      return false;
    }
  }

  /** Goes on while somebody sleeps. */
  private static final class Clock implements Time {
    private long nanos;

    long seconds() {
      return Duration.ofNanos(nanos).toSeconds();
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public long nanosWithSleep() {
      return nanos;
    }

    @Override
    public void sleep(Duration time) {
      nanos += time.toNanos();
    }

    @Override
    public Signal signal() {
      return RealTime.TIME.signal();
    }

    @Override
    public Work start(String name, Runnable body) {
      return RealTime.TIME.start(name, body);
    }
  }
}
