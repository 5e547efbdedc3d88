package dev.muster.drill.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.kind.FaultKind;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KindFactsTest {
  private static final Map<String, KindFacts> KINDS =
      KindFacts.all().stream().collect(Collectors.toMap(KindFacts::name, Function.identity()));

  @Test
  void everyKindHasAMeaningOfItsOwn() {
    assertThat(KINDS.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(FaultKind.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
    assertThat(KINDS.values().stream().map(KindFacts::meaning))
        .doesNotHaveDuplicates()
        .allSatisfy(meaning -> assertThat(meaning).isNotBlank());
  }

  @Test
  void whomItTakesAndByWhom() {
    assertThat(facts("NodeNetwork").takes()).isEqualTo("nodes");
    assertThat(facts("NodeNetwork").agent()).isTrue();
    assertThat(facts("NodeShutdown").agent()).isFalse();
    assertThat(facts("PodKill").takes()).isEqualTo("pods");
    assertThat(facts("LlmFault").takes()).isEqualTo("pods");
    assertThat(facts("LlmFault").agent()).isFalse();
    assertThat(facts("CpuStress").takes()).isEqualTo("nodes or pods");
    assertThat(facts("Rollout").takes()).isEqualTo("workloads");
    assertThat(facts("Scale").agent()).isFalse();
  }

  @Test
  void itsFieldsAndWhichItCanNotDoWithout() {
    assertThat(facts("NetworkDelay").fields().stream().filter(FieldGuide::required))
        .extracting(FieldGuide::path)
        .containsExactly("duration", "ttl", "latency");
    assertThat(facts("LlmFault").fields().stream().filter(FieldGuide::required))
        .extracting(FieldGuide::path)
        .containsExactly("duration", "ttl", "failure");
    assertThat(facts("PodKill").fields()).noneMatch(FieldGuide::required);
  }

  private static KindFacts facts(String kind) {
    return java.util.Objects.requireNonNull(KINDS.get(kind));
  }
}
