package dev.muster.timeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectRefTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "node/n1",
        "node/n1.example#5b7c",
        "pod/llm/w-0",
        "pod/llm/w-0#5b7c-11",
        "Deployment/llm/api#9",
        "endpointslice/llm/w",
        "load-balancer/n1",
        "request/r#1/2",
        "kube-controller-manager"
      })
  void whatIsWrittenIsRead(String text) {
    assertThat(ObjectRef.parse(text).text()).isEqualTo(text);
  }

  @Test
  void oldFormsAreRead() {
    assertThat(ObjectRef.parse("Pod/llm/w-0")).isEqualTo(pod("llm", "w-0", null));
    assertThat(ObjectRef.parse("Pod w-0")).isEqualTo(pod("", "w-0", null));
    assertThat(ObjectRef.Pod.parse("w-0")).isEqualTo(pod("", "w-0", null));
    assertThat(ObjectRef.Victim.parse("n1")).isEqualTo(new ObjectRef.Node("n1", null));
    assertThat(ObjectRef.Victim.parse("pod/llm/w-0")).isEqualTo(pod("llm", "w-0", null));
  }

  @Test
  void aFaultTakesNothingButNodesPodsAndWhatIsRolledOut() {
    for (String kind : new String[] {"Deployment", "StatefulSet"}) {
      assertThat(ObjectRef.Victim.parse(kind + "/llm/api#9"))
          .isEqualTo(new ObjectRef.Workload(kind, "llm", "api", "9"));
    }
    assertThatThrownBy(() -> ObjectRef.Victim.parse("ReplicaSet/llm/api"))
        .hasMessage("no fault takes a ReplicaSet: ReplicaSet/llm/api");
    assertThatThrownBy(() -> ObjectRef.Victim.parse("endpointslice/llm/api"))
        .hasMessage("nothing that a fault takes: endpointslice/llm/api");
  }

  @Test
  void theSameNameElsewhereOrAnotherTimeIsNotTheSame() {
    var first = pod("llm", "w-0", "1");
    assertThat(first.is(pod("llm", "w-0", "2"))).isFalse();
    assertThat(first.is(pod("other", "w-0", null))).isFalse();
    assertThat(first.is(pod("llm", "w-0", null))).isTrue();
    assertThat(first.is(ObjectRef.Pod.parse("w-0"))).isTrue();
    assertThat(first.is(new ObjectRef.Node("w-0", "1"))).isFalse();
  }

  @Test
  void aPlaceOfPodsIsReadAsOldFilesWroteIt() {
    var line =
        """
        {"type":"PodsPlaced","stamp":{"at":"2026-01-02T03:04:05Z","source":"engine","uncertainty":"PT0S"},
         "nodes":{"w-0":"n1"}}
        """;
    assertThat(EventJson.read(EventJson.MAPPER.readTree(line)))
        .isInstanceOfSatisfying(
            Event.PodsPlaced.class,
            e ->
                assertThat(e.nodes())
                    .isEqualTo(Map.of(pod("", "w-0", null), new ObjectRef.Node("n1", null))));
  }

  private static ObjectRef.Pod pod(String namespace, String name, @Nullable String uid) {
    return new ObjectRef.Pod(namespace, name, uid);
  }
}
