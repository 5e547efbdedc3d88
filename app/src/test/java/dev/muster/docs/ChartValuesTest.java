package dev.muster.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A chart's table of values tells every value and its default, and no other. */
class ChartValuesTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| `([^`]*)` \\| .+ \\|$");

  private record Row(String key, String value) {
    boolean covers(String leaf) {
      return leaf.equals(key) || leaf.startsWith(key + ".");
    }
  }

  private static List<Row> rows(String chart) throws IOException {
    return Tree.read("charts/" + chart + "/README.md")
        .lines()
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .map(m -> new Row(m.group(1), m.group(2)))
        .toList();
  }

  private static JsonNode values(String chart) throws IOException {
    return YAML.readTree(Tree.read("charts/" + chart + "/values.yaml"));
  }

  /** Paths of what holds no further names. */
  private static List<String> leaves(String at, JsonNode node) {
    if (!node.isObject() || node.isEmpty()) {
      return List.of(at);
    }
    List<String> found = new ArrayList<>();
    node.properties()
        .forEach(e ->
            found.addAll(leaves(at.isEmpty() ? e.getKey() : at + "." + e.getKey(), e.getValue())));
    return found;
  }

  @ParameterizedTest
  @ValueSource(strings = {"deepseek", "monitoring"})
  void everyValueIsInTheTable(String chart) throws IOException {
    List<Row> rows = rows(chart);
    assertThat(leaves("", values(chart)))
        .allSatisfy(leaf -> assertThat(rows).as(leaf).filteredOn(r -> r.covers(leaf)).hasSize(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"deepseek", "monitoring"})
  void theTableTellsTheDefaults(String chart) throws IOException {
    JsonNode values = values(chart);
    for (Row row : rows(chart)) {
      JsonNode value = values.at("/" + row.key().replace('.', '/'));
      assertThat(YAML.readTree(row.value())).as(row.key()).isEqualTo(value);
    }
  }

  /** A lab has no registry: an image of ours that is not made is pulled for ever. */
  @ParameterizedTest
  @ValueSource(strings = {"deepseek", "monitoring"})
  void everyImageOfOursIsMade(String chart) throws IOException {
    List<String> made = new ArrayList<>();
    YAML.readTree(Tree.read("images/images.yaml"))
        .path("images")
        .forEach(image -> made.add(image.path("name").asString()));
    List<String> used =
        values(chart).findValues("repository").stream().map(JsonNode::asString).toList();
    List<String> tags = values(chart).findValues("tag").stream().map(JsonNode::asString).toList();
    assertThat(used).isNotEmpty().hasSameSizeAs(tags);
    for (int i = 0; i < used.size(); i++) {
      if (used.get(i).startsWith("muster.dev/")) {
        assertThat(made).contains(used.get(i) + ":" + tags.get(i));
      }
    }
  }
}
