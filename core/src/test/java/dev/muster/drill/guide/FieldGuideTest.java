package dev.muster.drill.guide;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FieldGuideTest {

  @Test
  void aFieldIsFoundByItsPath() {
    FieldGuide latency = FieldGuide.of("expect.latency").orElseThrow();
    assertThat(latency.path()).isEqualTo("expect.latency");
    assertThat(latency.takes()).isEqualTo("a mapping");
    assertThat(latency.required()).isFalse();
    assertThat(latency.fields()).extracting(FieldGuide::path).containsExactly("ttft", "gap");
    assertThat(latency.fields().getFirst().meaning()).contains("first token");
  }

  @Test
  void placesInAListCountForNothing() {
    FieldGuide kind = FieldGuide.of("faults[0].parallel[1].kind").orElseThrow();
    assertThat(kind.path()).isEqualTo("faults.parallel.kind");
    assertThat(kind.takes()).contains("NodeShutdown, NodeNetwork");
    assertThat(FieldGuide.of("faults.kind.x")).isEmpty();
    assertThat(FieldGuide.of("fault")).isEmpty();
  }

  @Test
  void theWholeDrillHasItsTopFields() {
    FieldGuide drill = FieldGuide.of("").orElseThrow();
    assertThat(drill.fields().stream().filter(FieldGuide::required))
        .extracting(FieldGuide::path)
        .containsExactly("apiVersion", "kind", "metadata", "target", "faults", "expect");
    assertThat(FieldGuide.of("lab.nodes").orElseThrow().takes())
        .isEqualTo("a whole number from 2 to 9");
    assertThat(FieldGuide.of("faults").orElseThrow().takes()).isEqualTo("a list of mappings");
    assertThat(FieldGuide.of("protect.nodes").orElseThrow().takes()).isEqualTo("a list of texts");
  }

  @Test
  void everyPathIsAFieldWithSomethingToSay() {
    assertThat(FieldGuide.paths())
        .contains(
            "faults.parallel", "faults.kind", "expect.alerts.firesWithin", "load.prompt.tokens")
        .hasSizeLessThan(400)
        .doesNotHaveDuplicates()
        .allSatisfy(path -> {
          FieldGuide guide = FieldGuide.of(path).orElseThrow();
          assertThat(guide.takes() + guide.meaning()).isNotBlank();
        });
  }
}
