package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What happens to a run from outside: whoever takes its fault away, or stands still meanwhile,
 * never makes a pass, is told by name, and leaves nothing that cleanup does not find.
 */
record InterferedRun(KillingLab lab) {
  private static final int SECONDS = 20;
  private static final Duration SOON = Duration.ofSeconds(60);

  /** The grace period of the lab is 40 s. */
  private static final Duration NOTICED = Duration.ofSeconds(75);

  private static final Duration RUN = Duration.ofMinutes(5);

  void isJudgedRightAndCleanedUp(Interference what) throws IOException {
    Muster muster = lab.muster();
    Set<Path> before = Set.copyOf(muster.runs());
    Process run = muster.start(lab.run(drill(what)));
    try {
      if (what == Interference.AGENT_KILLED_BEFORE_ARMING) {
        await("an agent that will carry a fault")
            .atMost(SOON)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> told(muster, before, "\"FaultArmed\"") && lab.killOnNode("carrier") > 0);
      } else if (what == Interference.AGENT_KILLED_WHILE_ARMING) {
        await("an agent that arms its fault")
            .atMost(SOON)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> told(muster, before, "\"armed\""));
        killCarrier();
      } else {
        await("the fault in effect")
            .atMost(SOON)
            .pollInterval(Duration.ofMillis(100))
            .until(() -> told(muster, before, "\"FaultVerified\""));
        meddle(what, run, before);
      }
      assertThat(run.waitFor(RUN.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
          .as(what + ": " + muster.output())
          .isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      run.descendants().forEach(ProcessHandle::destroyForcibly);
      run.destroyForcibly();
    }
    judged(what, run.exitValue(), muster);
    cleanedUp(what, muster);
  }

  private void meddle(Interference what, Process run, Set<Path> before) throws IOException {
    switch (what) {
      case AGENT_KILLED_WHILE_HELD -> killCarrier();
      case UNDO_AND_AGENT_KILLED -> {
        assertThat(lab.killOnNode("undo")).isPositive();
        killCarrier();
      }
      case FAULT_TAKEN_AWAY -> lab.flushChains();
      case OTHER_NODE_LOST -> {
        lab.power("off", "node-2");
        await("the loss of the other node is told")
            .atMost(NOTICED)
            .until(() -> told(lab.muster(), before, "\"OutsideChange\""));
        lab.power("on", "node-2");
      }
      case API_SERVER_STOPPED_8_S -> lab.stoppedApiServer(Duration.ofSeconds(8));
      case API_SERVER_STOPPED_60_S -> lab.stoppedApiServer(Duration.ofSeconds(60));
      case MUSTER_STOPPED_60_S -> KillingLab.stopped(run.pid(), Duration.ofSeconds(60));
      default -> throw new IllegalArgumentException(what.name());
    }
  }

  private void killCarrier() throws IOException {
    assertThat(lab.killOnNode("carrier")).isPositive();
  }

  private static void judged(Interference what, int exit, Muster muster) {
    String said = what + ", exit " + exit + ": " + muster.output();
    JsonNode report = muster.report();
    switch (what) {
      case AGENT_KILLED_BEFORE_ARMING,
          AGENT_KILLED_WHILE_ARMING,
          AGENT_KILLED_WHILE_HELD,
          FAULT_TAKEN_AWAY -> {
        assertThat(exit).as(said).isEqualTo(2);
        assertThat(Muster.finding(report, "faultVerified").get("status").asString())
            .as(said)
            .isEqualTo("inconclusive");
      }
      case UNDO_AND_AGENT_KILLED -> {
        assertThat(exit).as(said).isIn(1, 2);
        assertThat(Muster.finding(report, "faultReverted").get("status").asString())
            .as(said)
            .isNotEqualTo("pass");
      }
      case OTHER_NODE_LOST -> {
        assertThat(exit).as(said).isIn(0, 2);
        assertThat(muster.timeline()).as(said).anyMatch(l -> l.contains("OutsideChange"));
      }
      case API_SERVER_STOPPED_8_S, API_SERVER_STOPPED_60_S -> {
        // the effect was seen before and after, and nothing else was asked for
        assertThat(exit).as(said).isIn(what == Interference.API_SERVER_STOPPED_8_S ? 0 : 2, 2);
        assertThat(muster.timeline())
            .as(said)
            .anyMatch(l -> l.contains("\"ObservationLost\""))
            .anyMatch(l -> l.contains("\"ObservationResumed\""));
      }
      case MUSTER_STOPPED_60_S -> {
        assertThat(exit).as(said).isEqualTo(2);
        assertThat(muster.timeline()).as(said).anyMatch(l -> l.contains("\"EnginePaused\""));
      }
    }
  }

  private void cleanedUp(Interference what, Muster muster) throws IOException {
    lab.everyNodeReady();
    Muster.Ended cleaned = muster.run(Duration.ofMinutes(4), "cleanup");
    assertThat(cleaned.exit()).as("%s\n%s", what, cleaned.endFirst()).isZero();
    await("nothing is left after " + what)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(lab.left()).isEmpty());
    assertThat(muster.run(Duration.ofMinutes(2), "cleanup", "--dry-run").output())
        .as("%s", what)
        .contains("nothing");
  }

  private static boolean told(Muster muster, Set<Path> before, String words) {
    List<Path> runs = muster.runs();
    return !runs.isEmpty()
        && !before.contains(runs.getLast())
        && Files.exists(runs.getLast().resolve("timeline.jsonl"))
        && muster.timeline().stream().anyMatch(l -> l.contains(words));
  }

  /** A node that dies is noticed 40 s later. */
  private Path drill(Interference what) {
    int seconds = what == Interference.OTHER_NODE_LOST ? SECONDS + 45 : SECONDS;
    return lab.drill("kind: DnsFailure", seconds, seconds + 40);
  }
}
