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
record Interference(KillingLab lab) {
  private static final int SECONDS = 20;
  private static final int TTL_SECONDS = 60;
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration RUN = Duration.ofMinutes(5);

  /** Of the processes of a lab: pod's agent, the undo on the node, the API server. */
  enum What {
    AGENT_KILLED_BEFORE_ARMING,
    AGENT_KILLED_WHILE_ARMING,
    AGENT_KILLED_WHILE_HELD,
    UNDO_AND_AGENT_KILLED,
    FAULT_TAKEN_AWAY,
    OTHER_NODE_LOST,
    API_SERVER_STOPPED_8_S,
    API_SERVER_STOPPED_60_S,
    MUSTER_STOPPED_60_S
  }

  void judgedRightAndCleanedUp(What what) throws IOException {
    Muster muster = lab.muster();
    Set<Path> before = Set.copyOf(muster.runs());
    Process run = muster.start(lab.run(drill()));
    try {
      if (what == What.AGENT_KILLED_BEFORE_ARMING || what == What.AGENT_KILLED_WHILE_ARMING) {
        String seen = what == What.AGENT_KILLED_BEFORE_ARMING ? "" : "\"armed\"";
        await("an agent that carries a fault")
            .atMost(SOON)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> seen.isEmpty() ? announced(muster, before) : told(muster, before, seen));
        killCarrier();
      } else {
        await("the fault in effect")
            .atMost(SOON)
            .pollInterval(Duration.ofMillis(100))
            .until(() -> told(muster, before, "\"FaultVerified\""));
        meddle(what, run);
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

  private void meddle(What what, Process run) throws IOException {
    switch (what) {
      case AGENT_KILLED_WHILE_HELD -> killCarrier();
      case UNDO_AND_AGENT_KILLED -> {
        lab.killOnNode("undo");
        killCarrier();
      }
      case FAULT_TAKEN_AWAY -> lab.flushChains();
      case OTHER_NODE_LOST -> lab.power("off", "node-2");
      case API_SERVER_STOPPED_8_S -> lab.stoppedApiServer(Duration.ofSeconds(8));
      case API_SERVER_STOPPED_60_S -> lab.stoppedApiServer(Duration.ofSeconds(60));
      case MUSTER_STOPPED_60_S -> KillingLab.stopped(run.pid(), Duration.ofSeconds(60));
      default -> throw new IllegalArgumentException(what.name());
    }
  }

  private void killCarrier() throws IOException {
    lab.killOnNode("carrier");
  }

  private static void judged(What what, int exit, Muster muster) {
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
        assertThat(exit).as(said).isNotEqualTo(70);
        assertThat(muster.timeline()).as(said).anyMatch(l -> l.contains("OutsideChange"));
      }
      case API_SERVER_STOPPED_8_S, API_SERVER_STOPPED_60_S -> {
        assertThat(exit).as(said).isEqualTo(2);
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

  private void cleanedUp(What what, Muster muster) throws IOException {
    if (what == What.OTHER_NODE_LOST) {
      lab.power("on", "node-2");
    }
    lab.everyNodeReady();
    Muster.Ended cleaned = muster.run(Duration.ofMinutes(4), "cleanup");
    assertThat(cleaned.exit()).as("%s\n%s", what, cleaned.output()).isZero();
    await("nothing is left after " + what)
        .atMost(SOON)
        .untilAsserted(() -> assertThat(lab.left()).isEmpty());
    assertThat(muster.run(Duration.ofMinutes(2), "cleanup", "--dry-run").output())
        .as("%s", what)
        .contains("nothing");
  }

  private static boolean announced(Muster muster, Set<Path> before) {
    return told(muster, before, "\"FaultArmed\"");
  }

  private static boolean told(Muster muster, Set<Path> before, String words) {
    List<Path> runs = muster.runs();
    return !runs.isEmpty()
        && !before.contains(runs.getLast())
        && Files.exists(runs.getLast().resolve("timeline.jsonl"))
        && muster.timeline().stream().anyMatch(l -> l.contains(words));
  }

  private Path drill() {
    return lab.drill("kind: DnsFailure", SECONDS, TTL_SECONDS);
  }
}
