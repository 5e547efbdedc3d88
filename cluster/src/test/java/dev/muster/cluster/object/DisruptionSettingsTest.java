package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisruptionSettingsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {sleep: {seconds: 7}}                           | 7
          {exec: {command: [sleep, '12']}}                | 12
          {exec: {command: [sh, -c, 'touch x; sleep 5s']}} | 5
          {exec: {command: [sh, -c, 'sleep 2m']}}         | of unknown length
          {exec: {command: [sh, -c, 'sleep 0.5']}}        | of unknown length
          {exec: {command: [drain]}}                      | of unknown length
          {httpGet: {path: /drain, port: 80}}             | of unknown length
          """)
  void aHookLastsAsLongAsItSleeps(String hook, String told) {
    assertThat(deployment("[{name: c, lifecycle: {preStop: " + hook + "}}, {name: d}]"))
        .isEqualTo(told);
  }

  @Test
  void ofSeveralHooksTheLongestCountsAndOneUnknownIsNotKnown() {
    assertThat(
            deployment(
                "[{name: c, lifecycle: {preStop: {sleep: {seconds: 7}}}},"
                    + " {name: d, lifecycle: {preStop: {sleep: {seconds: 9}}}}]"))
        .isEqualTo("9");
    assertThat(
            deployment(
                "[{name: c, lifecycle: {preStop: {sleep: {seconds: 7}}}},"
                    + " {name: d, lifecycle: {preStop: {exec: {command: [drain]}}}}]"))
        .isEqualTo("of unknown length");
    assertThat(deployment("[{name: c}]")).isEqualTo("none");
  }

  @Test
  void whoIsRecreatedIsAwayAsAWhole() {
    var deployment =
        Serialization.unmarshal(
            "metadata: {name: a, namespace: s}\nspec: {strategy: {type: Recreate}}",
            Deployment.class);
    assertThat(DisruptionSettings.of(deployment, List.of()))
        .containsEntry("maxUnavailable", "Recreate");
  }

  @Test
  void ofPodsThatNobodyReplacesByItselfNoNumberIsSaid() {
    var set =
        Serialization.unmarshal(
            "metadata: {name: a, namespace: s}\nspec: {updateStrategy: {type: OnDelete}}",
            StatefulSet.class);
    assertThat(DisruptionSettings.of(set, List.of())).doesNotContainKey("maxUnavailable");
  }

  private static String deployment(String containers) {
    var deployment =
        Serialization.unmarshal(
            "metadata: {name: a, namespace: s}\nspec: {template: {spec: {containers: "
                + containers
                + "}}}",
            Deployment.class);
    return DisruptionSettings.of(deployment, List.of()).getOrDefault("lifecycle.preStop", "");
  }
}
