package dev.muster.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MeasuredSeriesTest {

  @Test
  void eachHasANameOfItsOwnAndWordsInBothLanguages() {
    assertThat(MeasuredSeries.ALL).extracting(MeasuredSeries::name).doesNotHaveDuplicates();
    assertThat(MeasuredSeries.ALL)
        .allSatisfy(series -> {
          assertThat(series.name()).matches("[a-z_]+");
          assertThat(series.title("en")).isNotBlank();
          assertThat(series.title("zh")).containsPattern("\\p{IsHan}");
          assertThat(series.scale()).isPositive();
        });
  }

  @Test
  void theQuestionIsOfTheTargetsNamespace() {
    assertThat(named("etcd_leader").question("llm"))
        .contains("max by (pod) (etcd_server_has_leader{namespace=\"llm\"})");
    assertThat(named("load_lag").question("llm")).isEmpty();
  }

  @Test
  void whatIsNotSaidIsALineInItsOwnUnit() {
    MeasuredSeries plain = named("node_cpu");
    assertThat(List.of(plain.form(), plain.scale(), plain.most()))
        .isEqualTo(List.of(MeasuredSeries.Form.LINES, 1.0, 1.0));
    assertThat(named("node_memory").scale()).isEqualTo(1.0 / (1L << 30));
    assertThat(named("node_ready").form()).isEqualTo(MeasuredSeries.Form.STATE);
  }

  private static MeasuredSeries named(String name) {
    return MeasuredSeries.ALL.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }
}
