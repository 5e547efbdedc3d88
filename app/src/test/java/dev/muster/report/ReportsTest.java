package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.muster.engine.home.Refusal;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.file.Journal;
import dev.muster.verdict.finding.Status;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportsTest {
  @TempDir Path folder;

  @Test
  void aRunThatKeepsItsPromisesPasses() throws IOException {
    var verdict = Reports.write(SyntheticRun.write(folder, "old"));
    assertThat(verdict.status()).as(Reports.summary(folder)).isEqualTo(Status.PASS);
    JsonNode report = json();
    assertThat(report.get("verdict").asString()).isEqualTo("pass");
    assertThat(report.get("interruption").get("seconds").asDouble()).isCloseTo(3, within(0.01));
    assertThat(report.get("fault").get("seconds").asDouble()).isEqualTo(121);
    assertThat(milestone(report, "NODE_NOT_READY").get("sinceFault").asDouble()).isEqualTo(45);
    assertThat(milestone(report, "NODE_NOT_READY").get("uncertainty").asDouble()).isEqualTo(0.5);
    assertThat(milestone(report, "NODE_NOT_READY").get("at").asString())
        .isEqualTo("2026-01-01T00:00:55Z");
  }

  /** Also where the drill sets no bound for it. */
  @Test
  void fullStrengthIsToldWhereTheTimelineKnowsIt() throws IOException {
    Reports.write(SyntheticRun.write(folder, "old"));
    assertThat(text("report.md")).contains("- Full strength: **90.0 s**");
    assertThat(json().get("fullStrength").asDouble()).isEqualTo(90);
  }

  @Test
  void outcomesAddUpToTheScheduledRequests() throws IOException {
    Reports.write(SyntheticRun.write(folder, "old"));
    JsonNode requests = json().get("requests");
    long sum = 0;
    for (JsonNode count : requests.get("outcomes")) {
      sum += count.asLong();
    }
    assertThat(sum).isEqualTo(requests.get("scheduled").asLong()).isEqualTo(140);
    assertThat(requests.get("outcomes").get("TRUNCATED").asLong()).isEqualTo(4);
  }

  @Test
  void revisionsAddUpToTheAnsweredRequestsAndNameWhoMetOneThatWasNotReady() throws IOException {
    Reports.write(SyntheticRun.write(folder, "old"));
    JsonNode rows = json().get("revisions");
    assertThat(rows.size()).isEqualTo(2);
    assertThat(rows.get(0).get("answered").asLong() + rows.get(1).get("answered").asLong())
        .isEqualTo(json().get("requests").get("outcomes").get("COMPLETE").asLong());
    assertThat(rows.get(0).get("to").asDouble()).isEqualTo(88.5);
    assertThat(rows.get(1).get("beforeReady").get("ids").get(0).asString()).isEqualTo("r-99");
    assertThat(text("report.md"))
        .contains(
            "## Which revision answered",
            "| Deployment/s/worker | rev1 | w | 95 | -10.000 | 88.500 | 0 | 0 |",
            "| Deployment/s/worker | rev2 | w2 | 41 | 89.000 | 129.500 | 1 (r-99) | 0 |");
    assertThat(text("report.html")).contains("1<br><small>r-99</small>");
    assertThat(text("report.zh.html")).contains("由哪个修订版本回答", "<td>rev1</td>");
  }

  @Test
  void aRunOfWhosePodsNobodyToldTheRevisionSaysSo() throws IOException {
    SyntheticRun.write(folder, "old");
    drop("\"PodSeen\"");
    Reports.write(folder);
    assertThat(json().get("revisions").isNull()).isTrue();
    assertThat(text("report.html"))
        .contains("Nobody told which revision")
        .doesNotContain("id=\"revisions\"");
    assertThat(text("report.md"))
        .contains("Nobody told which revision")
        .doesNotContain("Which revision answered");
  }

  @Test
  void aRunWithoutAnotherRevisionTellsOfNone() throws IOException {
    SyntheticRun.write(folder, "old");
    drop("\"rev2\"");
    Reports.write(folder);
    assertThat(json().get("revisions").isEmpty()).isTrue();
    assertThat(text("report.html"))
        .doesNotContain("Nobody told which revision", "id=\"revisions\"");
  }

  @Test
  void reportsMayBeReadByWhomTheUmaskLets() throws IOException {
    Reports.write(SyntheticRun.write(folder, "old"));
    var usual = Files.getPosixFilePermissions(folder.resolve("drill.yaml"));
    for (String name :
        List.of("report.json", "report.html", "report.zh.html", "report.md", "junit.xml")) {
      assertThat(Files.getPosixFilePermissions(folder.resolve(name))).as(name).isEqualTo(usual);
    }
    try (var files = Files.list(folder)) {
      assertThat(files)
          .as("nothing half written stays")
          .noneMatch(f -> f.toString().endsWith(".partial"));
    }
  }

  @Test
  void theJsonFitsItsPublishedSchema() throws IOException {
    Reports.write(SyntheticRun.write(folder, "old"));
    try (InputStream in =
        Objects.requireNonNull(Reports.class.getResourceAsStream("report.schema.json"))) {
      var schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
      assertThat(schema.validate(text(Reports.JSON), InputFormat.JSON)).isEmpty();
      assertThat(
              schema.validate(text(Reports.JSON).replace("\"pass\"", "\"fine\""), InputFormat.JSON))
          .isNotEmpty();
    }
  }

  @Test
  void bothLanguagesShowChartMilestonesAndAccount() throws IOException {
    Reports.write(SyntheticRun.write(folder, "old"));
    assertThat(text("report.html"))
        .contains("<svg", "class=\"fault\"", "Node NotReady", "truncated stream", "A drill")
        .doesNotContain("http://", "https://", "<script");
    assertThat(text("report.zh.html")).contains("<svg", "节点 NotReady", "流被截断", "演练", "通过");
    assertThat(text("report.md")).contains("| Node NotReady |", "| **Scheduled** | **140** |");
  }

  @Test
  void namesFromTheClusterAreNoMarkup() throws IOException {
    Reports.write(SyntheticRun.write(folder, "<script>alert(1)</script>"));
    assertThat(text("report.html")).contains("&lt;script&gt;").doesNotContain("<script>");
    assertThat(text("report.md")).doesNotContain("<script>");
  }

  @Test
  void junitCountsFailuresAndErrors() throws Exception {
    SyntheticRun.write(folder, "old");
    Files.writeString(
        folder.resolve("drill.yaml"),
        SyntheticRun.DRILL
            .replace("within: 60s", "within: 20s")
            .replace(
                "residue: none",
                "availability: {min: 99%}\n  alerts: [{name: A, firesWithin: 1m}]"));
    var verdict = Reports.write(folder);
    assertThat(verdict.status()).isEqualTo(Status.FAIL);
    var suite =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("junit.xml").toFile())
            .getDocumentElement();
    assertThat(suite.getAttribute("failures")).isEqualTo("2"); // detected, availability
    assertThat(suite.getAttribute("errors")).isEqualTo("1"); // alerts: nobody looked
    assertThat(suite.getElementsByTagName("failure").getLength()).isEqualTo(2);
    assertThat(suite.getElementsByTagName("error").getLength()).isEqualTo(1);
  }

  @Test
  void theHeadlineOfARunThatFailedNamesTheReasonAndTheWorstFindingComesFirst() throws IOException {
    SyntheticRun.write(folder, "old");
    Files.writeString(
        folder.resolve("drill.yaml"), SyntheticRun.DRILL.replace("within: 60s", "within: 20s"));
    assertThat(Reports.write(folder).status()).isEqualTo(Status.FAIL);
    assertThat(json().get("findings").get(0).get("check").asString()).isEqualTo("detected");
    assertThat(headline("report.html")).startsWith("Detection: node node-1 was NotReady 45.0 s");
    assertThat(headline("report.zh.html")).startsWith("故障检测：");
  }

  @Test
  void anInconclusiveRunClaimsNothingOfItsFigures() throws IOException {
    SyntheticRun.write(folder, "old");
    drop("\"FaultVerified\"");
    assertThat(Reports.write(folder).status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(headline("report.html"))
        .contains("Effect of the fault seen")
        .doesNotContain("interrupted clients");
  }

  @Test
  void milestonesOfOneMomentAreAllDrawn() throws IOException {
    SyntheticRun.write(folder, "old");
    try (var journal = Journal.open(folder)) {
      for (int pod = 0; pod < 9; pod++) {
        SyntheticRun.milestone(journal, 55, Milestone.POD_NOT_READY, "pod/s/old-" + pod, Map.of());
      }
    }
    Reports.write(folder);
    assertThat(text("report.html").split("<g class=\"number\">", -1))
        .hasSize(1 + json().get("milestones").size());
  }

  /** Leaves out the events that contain this. */
  private void drop(String text) throws IOException {
    Path timeline = folder.resolve("timeline.jsonl");
    var lines = Files.readAllLines(timeline);
    lines.removeIf(l -> l.contains(text));
    lines.replaceAll(l -> l.replaceFirst(",\"chain\":\"[0-9a-f]+\"", "")); // or that is told
    Files.write(timeline, lines);
  }

  private String headline(String file) throws IOException {
    var page = text(file);
    var after =
        page.indexOf("</span>", page.indexOf("<p class=\"sentence\">")) + "</span>".length();
    return page.substring(after, page.indexOf("</p>", after));
  }

  @Test
  void aTornTimelineIsToldAndNeverPasses() throws IOException {
    SyntheticRun.write(folder, "old");
    Path timeline = folder.resolve("timeline.jsonl");
    var lines = Files.readAllLines(timeline);
    Files.writeString(timeline, String.join("\n", lines.subList(0, 8)) + "\n{\"type\":\"Mile");
    assertThat(Reports.write(folder).status()).isNotEqualTo(Status.PASS);
    assertThat(json().get("notes").get(0).asString()).contains("cut short");
    assertThat(text("report.html")).contains("cut short");
  }

  @Test
  void aRunThatEndedBeforeItsFaultHasAReport() throws IOException {
    Files.writeString(folder.resolve("drill.yaml"), SyntheticRun.DRILL);
    Files.writeString(folder.resolve("timeline.jsonl"), "", StandardOpenOption.CREATE);
    assertThat(Reports.write(folder).status()).isNotEqualTo(Status.PASS);
    assertThat(text("report.html")).contains("No fault was injected");
  }

  @Test
  void aRunWithoutItsFaultNamesWhatNothingCanBeSaidOf() throws IOException {
    Files.writeString(
        folder.resolve("drill.yaml"),
        SyntheticRun.DRILL
            .replace(
                "NodeShutdown, mode: one, selector: {hosting: target}, ", "PodKill, mode: one, ")
            .replace("duration: 2m, ttl: 4m", "gracePeriod: 0s"));
    Files.writeString(folder.resolve("timeline.jsonl"), "", StandardOpenOption.CREATE);
    Reports.write(folder);
    assertThat(headline("report.html"))
        .startsWith("No fault was injected: nothing can be said about what PodKill does. ")
        .doesNotContain("node")
        .containsPattern(" \\(and \\d+ more\\)");
    assertThat(headline("report.zh.html")).contains("PodKill");
  }

  @Test
  void aFolderWithoutARunIsRefused() {
    assertThatThrownBy(() -> Reports.write(folder))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("drill.yaml");
  }

  private JsonNode json() throws IOException {
    return new JsonMapper().readTree(text(Reports.JSON));
  }

  private static JsonNode milestone(JsonNode report, String name) {
    for (JsonNode milestone : report.get("milestones")) {
      if (milestone.get("name").asString().equals(name)) {
        return milestone;
      }
    }
    throw new AssertionError("no " + name);
  }

  private String text(String file) throws IOException {
    return Files.readString(folder.resolve(file));
  }
}
