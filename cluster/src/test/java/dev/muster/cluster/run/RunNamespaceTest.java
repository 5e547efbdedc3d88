package dev.muster.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.cluster.connect.ClusterException;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@EnableKubernetesMockClient(crud = true)
@Timeout(60)
public class RunNamespaceTest {
  private static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  private final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
  private final CountDownLatch ended = new CountDownLatch(1);

  /** Of run r, with an image of the agent, which gives no further sign of life. */
  public static RunNamespace still(KubernetesClient client) {
    return new RunNamespace(
        client, "r", "a:1", new HandTime(() -> BEGIN, _ -> new CountDownLatch(1).await()));
  }

  @Test
  void thePodThatReapsItMayDeleteThisNamespaceAndNothingElse() {
    try (RunNamespace namespace = still(client)) {
      namespace.make();
    }
    var role = client.rbac().roles().inNamespace("muster-r").withName("reaper").get();
    assertThat(role.getRules())
        .singleElement()
        .satisfies(rule -> {
          assertThat(rule.getResources()).containsExactly("namespaces");
          assertThat(rule.getResourceNames()).containsExactly("muster-r");
          assertThat(rule.getVerbs()).containsExactly("get", "delete");
        });
    var binding = client.rbac().roleBindings().inNamespace("muster-r").withName("reaper").get();
    assertThat(binding.getSubjects().getFirst().getNamespace()).isEqualTo("muster-r");
    var template =
        client
            .apps()
            .deployments()
            .inNamespace("muster-r")
            .withName("reaper")
            .get()
            .getSpec()
            .getTemplate();
    assertThat(template.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "muster")
        .containsEntry("muster.dev/run", "r");
    var container = template.getSpec().getContainers().getFirst();
    assertThat(container.getImage()).isEqualTo("a:1");
    assertThat(container.getArgs()).containsExactly("reap", "namespace=muster-r", "silence=45");
  }

  @Test
  void aNameOfAnyLengthMakesAValidLabelAndNamespace() {
    for (int dash = 1; dash < 62; dash++) {
      String drill = "a".repeat(dash) + "-" + "b".repeat(62 - dash);
      for (int length : new int[] {3, 40, 46, 47, 48, 63}) {
        String name = drill.substring(0, length).replaceAll("-$", "c");
        String run = "20260101-000000-" + name + "-x1y2";
        assertThat(RunNamespace.label(run)).as(run).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
        assertThat(RunNamespace.label(run)).startsWith("20260101-000000-").endsWith("-x1y2");
        assertThat(RunNamespace.name(run)).as(run).matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
      }
    }
  }

  @Test
  void itTellsAgainAndAgainThatItsMusterLivesUntilItIsClosed() throws InterruptedException {
    var beats = new Semaphore(0);
    try (RunNamespace namespace = beating(beats)) {
      namespace.make();
      assertThat(alive()).isEqualTo(BEGIN.toString());
      for (int second = 10; second <= 30; second += 10) {
        now.set(BEGIN.plusSeconds(second));
        beats.release();
        await().until(() -> now.get().toString().equals(alive()));
      }
    }
    await().untilAsserted(() -> assertThat(ended.getCount()).as("the beat has ended").isZero());
    assertThat(alive()).isEqualTo(BEGIN.plusSeconds(30).toString());
  }

  /** Muster stood still, and was reaped: whoever looks afterwards what is left needs it anew. */
  @Test
  void oneThatWasReapedIsMadeAnewWithItsReaper() {
    try (RunNamespace namespace = still(client)) {
      String first = namespace.make().getUid();
      client.apps().deployments().inNamespace("muster-r").delete();
      client.namespaces().withName("muster-r").delete();
      assertThat(namespace.make().getUid()).isNotEqualTo(first);
      assertThat(client.namespaces().withName("muster-r").get()).isNotNull();
      assertThat(client.apps().deployments().inNamespace("muster-r").list().getItems())
          .isNotEmpty();
    }
  }

  @Test
  void whatARunThatWasKilledLeftIsTakenAndLivesAgain() {
    String uid;
    try (RunNamespace killed = still(client)) {
      uid = killed.make().getUid();
    }
    now.set(BEGIN.plusSeconds(60));
    try (RunNamespace again = beating(new Semaphore(0))) {
      assertThat(again.make().getUid()).isEqualTo(uid);
    }
    assertThat(alive()).isEqualTo(now.get().toString());
  }

  @Test
  void oneThatIsBeingDeletedIsWaitedFor() {
    going();
    RunNamespace namespace =
        new RunNamespace(
            client,
            "r",
            "a:1",
            new HandTime(
                now::get,
                time -> {
                  if (time.equals(Duration.ofSeconds(1))) {
                    client
                        .namespaces()
                        .withName("muster-r")
                        .edit(n -> {
                          n.getMetadata().setFinalizers(List.of());
                          return n;
                        });
                  } else {
                    new CountDownLatch(1).await();
                  }
                }));
    try (namespace) {
      namespace.make();
    }
    assertThat(alive()).isEqualTo(BEGIN.toString());
  }

  @Test
  void oneThatDoesNotGoIsSaid() {
    going();
    try (RunNamespace namespace =
        new RunNamespace(client, "r", "a:1", new HandTime(now::get, _ -> {}))) {
      assertThatThrownBy(namespace::make)
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("muster-r is being deleted and does not go");
    }
  }

  private RunNamespace beating(Semaphore beats) {
    return new RunNamespace(
        client,
        "r",
        "a:1",
        new HandTime(
            now::get,
            _ -> {
              try {
                beats.acquire();
              } catch (InterruptedException e) {
                ended.countDown();
                throw e;
              }
            }));
  }

  /** Deleted, and held back as one is whose pods have not ended. */
  private void going() {
    client
        .namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName("muster-r")
                .withFinalizers("muster.dev/test")
                .endMetadata()
                .build())
        .create();
    client.namespaces().withName("muster-r").delete();
    assertThat(client.namespaces().withName("muster-r").get().getMetadata().getDeletionTimestamp())
        .isNotNull();
  }

  private @Nullable String alive() {
    return client
        .namespaces()
        .withName("muster-r")
        .get()
        .getMetadata()
        .getAnnotations()
        .get(RunNamespace.ALIVE);
  }
}
