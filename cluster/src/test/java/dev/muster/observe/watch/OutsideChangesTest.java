package dev.muster.observe.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.object.WorkloadMark;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutsideChangesTest {
  private final List<String> told = new ArrayList<>();
  private final List<Stamp> last = new ArrayList<>();
  private final OutsideChanges changes =
      new OutsideChanges(
          n -> n.getMetadata().getName().equals("victim"),
          InstantSource.fixed(Instant.EPOCH),
          e -> {
            var change = (Event.OutsideChange) e;
            last.add(change.stamp());
            told.add(change.object() + " " + change.change());
          });

  @Test
  void anotherNodeThatIsLostRebootsOrComesBackIsTold() {
    changes.node(node("n2", true, "boot-1"));
    changes.node(node("n2", true, "boot-1"));
    changes.node(node("n2", false, "boot-1"));
    changes.node(node("n2", true, "boot-2"));
    changes.nodeGone(node("n2", true, "boot-2"));
    assertThat(told).containsExactly("n2 NOT_READY", "n2 REBOOTED", "n2 READY", "n2 GONE");
  }

  /** Clients feel it long before Kubernetes sees it. */
  @Test
  void aNodeMayHaveDiedSinceItsLastLease() {
    changes.lease("n2", Instant.EPOCH.minusSeconds(42));
    changes.node(node("n2", true, "boot-1"));
    changes.node(node("n2", false, "boot-1"));
    assertThat(last.getLast().uncertainty()).hasSeconds(42);
  }

  @Test
  void whatIsToldAfterAGapIsAsUncertainAsTheGap() {
    changes.node(node("n2", true, "boot-1"));
    changes.within(Duration.ofSeconds(8), () -> changes.node(node("n2", false, "boot-1")));
    assertThat(last.getLast().uncertainty()).hasSeconds(8);
    changes.node(node("n2", true, "boot-1"));
    assertThat(last.getLast().uncertainty()).hasMillis(500);
  }

  @Test
  void whatTheDrillDoesItselfIsNot() {
    changes.node(node("victim", true, "boot-1"));
    changes.node(node("victim", false, "boot-2"));
    changes.nodeGone(node("victim", false, "boot-2"));
    assertThat(told).isEmpty();
  }

  @Test
  void aScaleAndARolloutOfTheTargetsWorkloadsAreTold() {
    changes.deployment(deployment(3, "a"));
    changes.deployment(deployment(3, "a"));
    changes.deployment(deployment(1, "a"));
    changes.deployment(deployment(4, "b"));
    changes.workloadGone("Deployment", deployment(4, "b"));
    assertThat(told)
        .containsExactly(
            "Deployment/s/w SCALED_DOWN",
            "Deployment/s/w SCALED_UP",
            "Deployment/s/w ROLLED_OUT",
            "Deployment/s/w GONE");
  }

  /** A fault puts its mark with what it changes, and takes it away with it. */
  @Test
  void whatAFaultOfTheDrillChangesOfAWorkloadIsNot() {
    changes.deployment(deployment(3, "a"));
    Deployment changed = deployment(3, "a");
    WorkloadMark.put(
        changed, "0a", Map.of(WorkloadMark.REPLICAS, "1", WorkloadMark.image("c"), "b"));
    changes.deployment(changed);
    assertThat(told).isEmpty();
    Deployment meanwhile = deployment(3, "a");
    WorkloadMark.put(
        meanwhile, "0a", Map.of(WorkloadMark.REPLICAS, "2", WorkloadMark.image("c"), "b"));
    changes.deployment(meanwhile);
    assertThat(told).containsExactly("Deployment/s/w SCALED_UP");
    changes.deployment(deployment(3, "a"));
    assertThat(told).hasSize(1);
  }

  private static Deployment deployment(int replicas, String image) {
    return Serialization.unmarshal(
        """
        metadata: {name: w, namespace: s, uid: u}
        spec:
          replicas: %d
          template: {spec: {containers: [{name: c, image: %s}]}}
        """
            .formatted(replicas, image),
        Deployment.class);
  }

  private static Node node(String name, boolean ready, String boot) {
    return Serialization.unmarshal(
        """
        metadata: {name: %s, uid: u}
        status:
          conditions: [{type: Ready, status: "%s"}]
          nodeInfo: {bootID: %s}
        """
            .formatted(name, ready ? "True" : "Unknown", boot),
        Node.class);
  }
}
