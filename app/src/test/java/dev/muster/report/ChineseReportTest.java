package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of a run that kept few of its promises, for somebody who reads no English. */
class ChineseReportTest {
  /** Three words of English in a row: names of Kubernetes are fewer. */
  private static final String ENGLISH = "[A-Za-z]{2,} [a-z]+ [a-z]{2,}";

  private static final String DRILL =
      SyntheticRun.DRILL
          .replace("detected: {within: 60s}", "detected: {within: 20s}")
          .replace("replacedPods: {within: 2m}", "replacedPods: {within: 30s}")
          .replace("interruption: {max: 30s}", "interruption: {max: 1s}")
          .replace("lostRequests: {max: 10}", "lostRequests: {max: 0}")
          .replace(
              "residue: none",
              """
              recovered: {within: 20s}
                latency: {ttft: {p50: 50ms, p99: 2s}, gap: {max: 5ms}}
                availability: {min: 99%}
                alerts: [{name: NodeNotReady, firesWithin: 1m}]
                logs: [{query: 'level:ERROR', max: 0}]
                caches: {agreeWithin: 30s}
                consistency: {etcd: equal, acknowledgedWrites: kept}
                residue: none\
              """);

  @TempDir Path folder;

  @BeforeEach
  void run() throws IOException {
    SyntheticRun.write(folder, "old");
    Files.writeString(folder.resolve("drill.yaml"), DRILL);
  }

  @Test
  void findingsPhasesAndEvidenceAreToldInChinese() throws IOException {
    Reports.write(folder);
    assertThat(page())
        .contains(
            "节点 node-1 在故障后 45.0 秒变为 NotReady：node-monitor-grace-period（未观测到其值）",
            "node-1 上的 1 个 Pod 在故障后 90.0 秒重建完成；90 秒中有 45 秒处于“检测”阶段："
                + "node-monitor-grace-period（未观测到其值）",
            "故障后 0.0 至 3.0 秒，4 个请求中有 4 个未得到完整应答",
            "130 个请求中有 126 个得到完整应答；丢失 4 个，被拒 0 个，未到达服务 0 个：流被截断 4 个",
            "node/node-1：节点 NotReady，故障后 45.000 秒，来源 api-server",
            "tolerationSeconds 30 (Pod old)",
            "EndpointSlice 控制器",
            "没有残留");
  }

  @Test
  void noEnglishSentenceIsLeft() throws IOException {
    Reports.write(folder);
    assertThat(page()).doesNotContainPattern(ENGLISH);
  }

  @Test
  void whatIsWrongWithTheFolderIsToldInChinese() throws IOException {
    Files.writeString(
        folder.resolve("timeline.jsonl"),
        Files.readString(folder.resolve("timeline.jsonl")).stripTrailing().replaceFirst(".$", ""));
    Reports.write(folder);
    assertThat(page()).contains("时间线的最后一行不完整").doesNotContainPattern(ENGLISH);
  }

  @Test
  void markdownForReadersOfChineseAloneIsChineseToo() throws IOException {
    Files.writeString(
        folder.resolve("drill.yaml"), DRILL + "report: {languages: [zh], formats: [markdown]}\n");
    Reports.write(folder);
    assertThat(Files.readString(folder.resolve("report.md")).replaceAll("`[^`]*`", ""))
        .contains("节点 node-1 在故障后 45.0 秒变为 NotReady")
        .doesNotContainPattern(ENGLISH);
  }

  @Test
  void programsAndReadersOfEnglishSeeEnglish() throws IOException {
    Reports.write(folder);
    var english = "node node-1 was NotReady 45.0 s after the fault: node-monitor-grace-period";
    for (String file : new String[] {"report.json", "report.html", "report.md", "junit.xml"}) {
      assertThat(Files.readString(folder.resolve(file))).as(file).contains(english);
    }
    assertThat(Reports.summary(folder)).contains(english);
  }

  /** What a reader sees of the page, without charts and code. */
  private String page() throws IOException {
    return Files.readString(folder.resolve("report.zh.html"))
        .replaceAll("(?s)<(head|svg|code)\\b.*?</\\1>", "")
        .replaceAll("<[^>]*>", "\n");
  }
}
