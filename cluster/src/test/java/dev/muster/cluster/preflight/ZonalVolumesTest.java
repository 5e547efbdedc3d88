package dev.muster.cluster.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cluster.preflight.PreflightTable.Level;
import dev.muster.cluster.preflight.PreflightTable.Row;
import dev.muster.cluster.preflight.PreflightTable.Topic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class ZonalVolumesTest {
  private static final String CLAIM = "/api/v1/namespaces/s/persistentvolumeclaims/data-e1";
  private static final String VOLUME = "/api/v1/persistentvolumes/pv-1";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  private final Stage stage =
      Stage.ofThree()
          .node("node-4", "topology.kubernetes.io/zone: a")
          .pod(
              "e1",
              "s",
              "app: etcd",
              "node-1",
              "volumes: [{name: data, persistentVolumeClaim: {claimName: data-e1}}]");

  @Test
  void aVolumeOfTheLostZoneKeepsItsPod() {
    answer(CLAIM, claim("pv-1"));
    answer(VOLUME, volume("a"));
    assertThat(rows("node-1", "node-4"))
        .singleElement()
        .satisfies(row -> {
          assertThat(row.level()).isEqualTo(Level.WARN);
          assertThat(row.topic()).isEqualTo(Topic.VOLUMES);
          assertThat(row.node()).isEqualTo("node-1");
          assertThat(row.subject()).isEqualTo("s/e1");
          assertThat(row.text())
              .contains(
                  "claim data-e1 is PersistentVolume pv-1",
                  "(topology.kubernetes.io/zone In [a])",
                  "can not move");
        });
  }

  @Test
  void aNodeThatStaysAndReachesItMayTakeThePod() {
    answer(CLAIM, claim("pv-1"));
    answer(VOLUME, volume("a, b"));
    assertThat(rows("node-1", "node-4")).isEmpty();
  }

  /** Cordoned, tainted, and of another label than the pod wants. */
  @Test
  void aNodeThatWouldNotTakeThePodIsNoWayOut() {
    answer(CLAIM, claim("pv-1"));
    answer(VOLUME, volume("a"));
    String zone = "topology.kubernetes.io/zone: a";
    stage.node("node-5", zone, "unschedulable: true");
    stage.node("node-6", zone, "taints: [{key: t, value: x, effect: NoSchedule}]");
    assertThat(rows("node-1", "node-4")).hasSize(1);
    stage.node("node-7", zone);
    assertThat(rows("node-1", "node-4")).isEmpty();
    stage.changedPod(
        "e1", p -> p.edit().editSpec().addToNodeSelector("disk", "ssd").endSpec().build());
    assertThat(rows("node-1", "node-4")).hasSize(1);
  }

  @Test
  void oneOfNoZoneIsReachedFromEverywhere() {
    answer(CLAIM, claim("pv-1"));
    answer(VOLUME, read("metadata: {name: pv-1}\nspec: {}", PersistentVolume.class));
    assertThat(rows("node-1", "node-4")).isEmpty();
  }

  @Test
  void aClaimThatIsNotBoundKeepsNobody() {
    answer(CLAIM, read("metadata: {name: data-e1}\nspec: {}", PersistentVolumeClaim.class));
    assertThat(rows("node-1", "node-4")).isEmpty();
  }

  @Test
  void whoMayNotSeeItIsToldThatNobodyLooked() {
    var status =
        new StatusBuilder()
            .withCode(403)
            .withReason("Forbidden")
            .withMessage("persistentvolumeclaims \"data-e1\" is forbidden")
            .build();
    server.expect().get().withPath(CLAIM).andReturn(403, status).always();
    assertThat(rows("node-1", "node-4"))
        .singleElement()
        .satisfies(row ->
            assertThat(row.text())
                .startsWith("where the volume of claim data-e1 is was not looked at:")
                .contains("is forbidden", "muster rbac DRILL"));
  }

  /** Nothing is asked of the API server, which here answers everything with 404. */
  @Test
  void whoIsNotLostIsNotAskedFor() {
    int before = server.getRequestCount();
    assertThat(rows("node-2")).isEmpty();
    assertThat(server.getRequestCount()).isEqualTo(before);
  }

  private List<Row> rows(String... lost) {
    return ZonalVolumes.rows(client, stage.snapshot(), "s", Set.of(lost));
  }

  private void answer(String path, HasMetadata object) {
    server.expect().get().withPath(path).andReturn(200, object).always();
  }

  private static PersistentVolumeClaim claim(String volume) {
    return read(
        "metadata: {name: data-e1, namespace: s}\nspec: {volumeName: %s}".formatted(volume),
        PersistentVolumeClaim.class);
  }

  private static PersistentVolume volume(String zones) {
    return read(
        """
        metadata: {name: pv-1}
        spec:
          nodeAffinity:
            required:
              nodeSelectorTerms:
                - matchExpressions: [{key: topology.kubernetes.io/zone, operator: In, values: [%s]}]
        """
            .formatted(zones),
        PersistentVolume.class);
  }

  private static <T extends HasMetadata> T read(String yaml, Class<T> type) {
    return Serialization.unmarshal(yaml, type);
  }
}
