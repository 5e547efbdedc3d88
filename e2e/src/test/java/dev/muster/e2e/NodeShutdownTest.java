package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The main drill with Kubernetes' own timing: one command, from nothing to a verdict. */
@Tag("lab")
class NodeShutdownTest {

  @Test
  void losingANodeIsSurvivedAndToldByTheReport(@TempDir Path home) {
    Muster muster = new Muster(home);

    Muster.Ended ended = muster.measured(Duration.ofMinutes(8), "run", "drills/node-shutdown.yaml");

    assertThat(ended.exit()).as(ended.output()).isZero();
    JsonNode report = muster.report();
    assertThat(report.get("verdict").asString()).isEqualToIgnoringCase("pass");
    Set<String> reached = new TreeSet<>();
    for (JsonNode milestone : report.get("milestones")) {
      reached.add(milestone.get("name").asString());
      assertThat(milestone.get("at").asString()).isNotBlank();
    }
    assertThat(reached)
        .contains(
            "POWER_OFF",
            "LAST_LEASE",
            "LOAD_BALANCER_REMOVED",
            "NODE_NOT_READY",
            "TAINT_NO_SCHEDULE",
            "TAINT_NO_EXECUTE",
            "POD_NOT_READY",
            "ENDPOINT_REMOVED",
            "POD_EVICTED",
            "REPLACEMENT_CREATED",
            "REPLACEMENT_SCHEDULED",
            "REPLACEMENT_STARTED",
            "MODEL_LOADED",
            "REPLACEMENT_READY",
            "ENDPOINT_ADDED",
            "FIRST_GOOD_TOKEN",
            "POWER_ON",
            "NODE_READY",
            "LOAD_BALANCER_ADDED",
            "LEFTOVERS_GONE");
    JsonNode requests = report.get("requests");
    long sum = 0;
    for (JsonNode outcome : requests.get("outcomes")) {
      sum += outcome.asLong();
    }
    assertThat(sum).isEqualTo(requests.get("scheduled").asLong()).isPositive();
    for (String file : new String[] {"report.html", "report.zh.html", "report.md", "junit.xml"}) {
      assertThat(muster.newestRun().resolve(file)).matches(Files::isRegularFile);
    }
    assertThat(ended.output()).contains(muster.newestRun().resolve("report.html").toString());
  }
}
