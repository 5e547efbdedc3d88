package dev.muster.drill.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Fault;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a drill can say of faults whose victims are Deployments and StatefulSets. */
class WorkloadFaultTest {
  private static final String FAULT = "{kind: NodeShutdown, duration: 90s, ttl: 1h30m}";

  private static void refuses(String fault, String... messages) {
    SmallDrill.refuses(SmallDrill.SMALL.replace(FAULT, fault), messages);
  }

  @Test
  void aPlanSaysItsFieldsAndDefaults() {
    assertThat(fault("{kind: Rollout, duration: 1m, ttl: 6m}").kind().words())
        .containsExactly("pods made anew", "within 5m");
    assertThat(
            fault("{kind: Rollout, image: 'w:2', container: w, timeout: 1m, duration: 1m, ttl: 2m}")
                .kind()
                .words())
        .containsExactly("image w:2 of container w", "within 1m");
    assertThat(fault("{kind: Scale, replicas: 1, duration: 1m, ttl: 6m}").kind().words())
        .containsExactly("to 1 replicas", "within 5m");
  }

  private static Fault fault(String fault) {
    return DrillFile.parse(SmallDrill.SMALL.replace(FAULT, fault), "d.yaml").faults().getFirst();
  }

  @Test
  void aWorkloadIsOnNoNodeAndHasNoPhase() {
    refuses(
        "{kind: Rollout, duration: 1m, ttl: 6m, selector: {zone: a, labelSelectors: {a: b}}}",
        "d.yaml:7:55: Rollout takes workloads, which have no \"zone\"; they are selected by"
            + " namespaces, labelSelectors, expressionSelectors, annotationSelectors,"
            + " fieldSelectors");
    refuses(
        "{kind: Scale, replicas: 1, duration: 1m, ttl: 6m, selector: {fieldSelectors: {spec.nodeName: n}}}",
        "d.yaml:7:83: workloads are not selected by spec.nodeName; they are by metadata.name,"
            + " metadata.namespace");
  }

  @Test
  void whatIsAnothersOrLacksIsRefusedAtItsPlace() {
    refuses(
        "{kind: Rollout, replicas: 2, duration: 1m, ttl: 6m}",
        "d.yaml:7:21: Rollout takes no \"replicas\"; it takes container, duration, image, timeout,"
            + " ttl");
    refuses(
        "{kind: Rollout, container: w, duration: 1m, ttl: 6m}",
        "d.yaml:7:21: \"container\" goes with \"image\": without one nothing is set in it");
    refuses(
        "{kind: Scale, duration: 1m, ttl: 6m}",
        "d.yaml:7:5: faults[0] lacks \"replicas\", which Scale needs");
  }

  @Test
  void itIsNotUndoneByItsTtlWhileItIsStillWaitedFor() {
    refuses(
        "{kind: Rollout, duration: 90s, ttl: 5m}",
        "d.yaml:7:41: ttl 5m is shorter than timeout 5m and duration 1m30s together: Rollout could"
            + " be undone before it has lasted; make ttl at least 6m30s");
    refuses(
        "{kind: Scale, replicas: 1, timeout: 0s, duration: 1m, ttl: 6m}",
        "d.yaml:7:41: a timeout of 0s is over before anything is done");
  }

  /** Neither alone nor beside a fault that takes pods from the service. */
  @Test
  void podsThatARolloutEndsAreNotToldFromLostOnes() {
    String rollout = "{kind: Rollout, duration: 1m, ttl: 6m}";
    String both = "{parallel: [{kind: Scale, replicas: 1, duration: 1m, ttl: 6m}, " + FAULT + "]}";
    for (var asked : Map.of(rollout, "Rollout", both, "Scale").entrySet()) {
      String drill = SmallDrill.SMALL.replace(FAULT, asked.getKey());
      SmallDrill.refuses(
          drill.replace("{residue: none}", "{recovered: {within: 1m}}"),
          "d.yaml:8:21: recovered can not be answered: "
              + asked.getValue()
              + " has pods ended by their controller, and nothing tells those from lost ones;"
              + " interruption and lostRequests tell what clients felt");
      SmallDrill.refuses(
          drill.replace("{residue: none}", "{replacedPods: {within: 1m}}"),
          "d.yaml:8:24: replacedPods can not be answered: "
              + asked.getValue()
              + " has pods made by their controller, and nothing tells those from replacements of"
              + " lost ones; interruption and lostRequests tell what clients felt");
    }
  }
}
