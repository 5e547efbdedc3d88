package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** What a page tells those who do not see it whole: on paper, on a phone, read aloud. */
class PageStructureTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"report.html", "report.zh.html"})
  void everyTableHasACaptionAndScopesAndFitsAPhone(String file) throws Exception {
    var page = page(file);
    var tables = all(page.getDocumentElement(), "table");
    assertThat(tables).hasSizeGreaterThanOrEqualTo(8);
    for (Element table : tables) {
      var caption = all(table, "caption");
      assertThat(caption).hasSize(1);
      assertThat(caption.getFirst().getTextContent()).isNotBlank();
      assertThat(all(table, "th")).allMatch(th -> List.of("col", "row").contains(scope(th)));
      assertThat(all(all(table, "tbody").getFirst(), "tr"))
          .as(caption.getFirst().getTextContent())
          .isNotEmpty()
          .filteredOn(row -> !row.getAttribute("class").equals("evidence"))
          .allMatch(
              row -> all(row, "th").stream().filter(h -> scope(h).equals("row")).count() == 1);
      int columns = all(all(table, "tr").getFirst(), "th").size();
      var box = ((Element) table.getParentNode()).getAttribute("class");
      assertThat(columns <= 2 || List.of("scroll", "cards").contains(box))
          .as("a table of %d columns scrolls by itself, or its rows are cards", columns)
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"report.html", "report.zh.html"})
  void everySectionHasAnAddress(String file) throws Exception {
    var page = page(file);
    var headings = all(page.getDocumentElement(), "h2");
    assertThat(headings.stream().map(h -> h.getAttribute("id")))
        .containsExactly(
            "chart",
            "findings",
            "series",
            "alerts",
            "phases",
            "milestones",
            "requests",
            "served",
            "revisions",
            "environment");
    assertThat(headings)
        .allMatch(
            h -> all(h, "a").getFirst().getAttribute("href").equals("#" + h.getAttribute("id")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"report.html", "report.zh.html"})
  void whatScrollsCanBeReachedByKeysAndHasAName(String file) throws Exception {
    var page = page(file);
    var ids = all(page.getDocumentElement(), "h2").stream().map(h -> h.getAttribute("id")).toList();
    assertThat(all(page.getDocumentElement(), "div"))
        .filteredOn(d -> d.getAttribute("class").equals("scroll"))
        .hasSizeGreaterThanOrEqualTo(6)
        .allMatch(d -> d.getAttribute("tabindex").equals("0"))
        .allMatch(d -> d.getAttribute("role").equals("region"))
        .allMatch(d ->
            ids.contains(d.getAttribute("aria-labelledby"))
                || !d.getAttribute("aria-label").isBlank());
    assertThat(all(page.getDocumentElement(), "svg"))
        .allMatch(s ->
            s.getAttribute("aria-hidden").equals("true")
                || !s.getAttribute("aria-label").isBlank());
  }

  @Test
  void theValuesOfEveryLineAreToldUnderThePointer() throws Exception {
    var told =
        all(page("report.html").getDocumentElement(), "rect").stream()
            .filter(r -> r.getAttribute("class").equals("hover"))
            .map(Element::getTextContent)
            .toList();
    assertThat(told)
        .contains("-10 s\nanswered: 1\nfailed: 0\np50: 100 ms\np99: 100 ms\nstreams: 0")
        .contains("50 s\nnode-1: 1.50\nnode-2: 2.60");
  }

  @Test
  void evidenceIsPrintedAndOpenWhereSomebodyHasToAct() throws Exception {
    var html = text(MeasuredRun.write(folder), ZoneOffset.UTC, "report.html");
    assertThat(html).contains("<details><summary>Evidence").doesNotContain("<details open");
    assertThat(html.substring(html.indexOf("@media print {")))
        .contains("details::details-content { content-visibility:visible");
    Files.writeString(
        folder.resolve("drill.yaml"), SyntheticRun.DRILL.replace("within: 60s", "within: 20s"));
    assertThat(text(folder, ZoneOffset.UTC, "report.html"))
        .contains("<details open><summary>Evidence");
  }

  @Test
  void localTimeStandsBesideUtcAndItsZoneIsNamed() throws Exception {
    MeasuredRun.write(folder);
    assertThat(text(folder, ZoneId.of("Asia/Shanghai"), "report.html"))
        .contains(
            "2026-01-01 00:00:00 UTC · 2026-01-01 08:00:00 Asia/Shanghai (UTC+08:00)",
            "<th scope=\"col\">Asia/Shanghai (UTC+08:00)</th>",
            "<td class=\"t\">00:00:55.000</td><td class=\"t\">08:00:55.000</td>",
            "In each cell: UTC, Asia/Shanghai (UTC+08:00), then seconds",
            "00:01:12.500<br><span class=\"dim\">08:01:12.500</span><br>62.000");
    assertThat(text(folder, ZoneId.of("Asia/Shanghai"), "report.md"))
        .contains("00:00:55.000")
        .doesNotContain("08:00:55");
    assertThat(text(folder, ZoneId.of("Etc/UTC"), "report.html"))
        .contains("2026-01-01 00:00:00 UTC</p>", "In each cell: UTC, then seconds");
  }

  private Document page(String file) throws Exception {
    var builder = DocumentBuilderFactory.newInstance().newDocumentBuilder();
    return builder.parse(
        new InputSource(
            new StringReader(
                text(MeasuredRun.write(folder), ZoneId.of("Asia/Shanghai"), file)
                    .replaceAll("<(meta[^>]*|br)>", "<$1/>")
                    .replace("<details open>", "<details>")
                    .replace("<!doctype html>\n", ""))));
  }

  private static String text(Path folder, ZoneId zone, String file) throws IOException {
    Reports.write(folder, zone);
    return Files.readString(folder.resolve(file));
  }

  private static String scope(Element th) {
    return th.getAttribute("scope");
  }

  private static List<Element> all(Element in, String name) {
    var found = in.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }
}
