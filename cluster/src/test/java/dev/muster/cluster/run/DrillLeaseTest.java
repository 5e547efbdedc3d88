package dev.muster.cluster.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.Connection;
import dev.muster.cluster.connect.Limits;
import dev.muster.hostile.HostileApi;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@EnableKubernetesMockClient(crud = true)
class DrillLeaseTest {
  private static final HandTime.Pause FOR_EVER = _ -> new SynchronousQueue<>().take();

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final BlockingQueue<Duration> pauses = new LinkedBlockingQueue<>();
  private final SynchronousQueue<String> turn = new SynchronousQueue<>();

  @SuppressWarnings("NullAway.Init") // set before each test
  private DrillLease first;

  @BeforeEach
  void open() {
    first = lease(FOR_EVER);
  }

  @AfterEach
  void close() {
    first.close();
  }

  @Test
  void onlyOneDrillAtATime() throws InterruptedException {
    assertThat(first.acquire("run-1")).isEmpty();
    Lease held = held();
    assertThat(held.getMetadata().getLabels())
        .containsEntry("app.kubernetes.io/managed-by", "muster");
    assertThat(held.getMetadata().getAnnotations()).containsEntry("muster.dev/run", "run-1");
    assertThat(lease(FOR_EVER).acquire("run-2").orElse(""))
        .contains("run run-1 is going on", "default/muster-drill", "muster cleanup", "in 40 s");
    first.close();
    assertThat(client.leases().inNamespace("default").list().getItems()).isEmpty();
    try (DrillLease second = lease(FOR_EVER)) {
      assertThat(second.acquire("run-2")).isEmpty();
    }
  }

  @Test
  void anExpiredLeaseIsTakenOverAndNotReleasedByItsOldHolder() throws InterruptedException {
    assertThat(first.acquire("run-1")).isEmpty();
    pass(Duration.ofSeconds(39));
    assertThat(lease(_ -> {}).acquire("run-2")).isPresent();
    pass(Duration.ofSeconds(2));
    try (DrillLease second = lease(DrillLeaseTest::untilRenewals)) {
      assertThat(second.acquire("run-2")).isEmpty();
      first.close();
      assertThat(held().getSpec().getHolderIdentity()).isEqualTo("run-2");
    }
  }

  @Test
  void aHolderWhoseClockIsSlowIsNotRobbed() throws InterruptedException {
    assertThat(first.acquire("run-1")).isEmpty();
    pass(Duration.ofMinutes(5));
    // while the other waits, the holder renews with the time of its own clock
    DrillLease second =
        lease(_ ->
            client
                .resource(
                    held()
                        .edit()
                        .editMetadata()
                        .addToAnnotations("renewed", "yes")
                        .endMetadata()
                        .build())
                .update());
    assertThat(second.acquire("run-2").orElse("")).contains("run run-1 is going on");
    assertThat(held().getSpec().getHolderIdentity()).isEqualTo("run-1");
  }

  @Test
  void aKilledRunGetsItsOwnAgain() throws InterruptedException {
    assertThat(first.acquire("run-1")).isEmpty();
    try (DrillLease resumed = lease(FOR_EVER)) {
      assertThat(resumed.acquire("run-1")).isEmpty();
    }
  }

  @Test
  void itIsRenewedWithTheTimeOfTheClock() throws InterruptedException {
    try (DrillLease lease = lease(this::step)) {
      assertThat(lease.acquire("run-1")).isEmpty();
      pass(Duration.ofSeconds(10));
      renewOnce();
      renewOnce(); // the one before is through
      assertThat(pauses).hasSizeGreaterThan(1).containsOnly(Duration.ofSeconds(10));
      assertThat(held().getSpec().getRenewTime().toInstant()).isEqualTo(now.get());
      assertThat(held().getSpec().getAcquireTime().toInstant())
          .isEqualTo(now.get().minusSeconds(10));
      assertThat(told).isEmpty();
    }
  }

  @Test
  void aLeaseThatWasTakenOrDeletedIsToldAndLeftAlone() throws InterruptedException {
    try (DrillLease lease = lease(this::step)) {
      assertThat(lease.acquire("run-1")).isEmpty();
      client
          .resource(held().edit().editSpec().withHolderIdentity("run-9").endSpec().build())
          .update();
      renewOnce();
      assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("lost to run run-9");
    }
    assertThat(held().getSpec().getHolderIdentity()).isEqualTo("run-9");
    client.resource(held()).delete();
    try (DrillLease lease = lease(this::step)) {
      assertThat(lease.acquire("run-1")).isEmpty();
      client.resource(held()).delete();
      renewOnce();
      assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("lost to nobody: it was deleted");
    }
  }

  @Test
  void aRenewalThatFailsIsToldAndTriedAgain() throws InterruptedException {
    try (DrillLease lease = lease(this::step)) {
      assertThat(lease.acquire("run-1")).isEmpty();
      client.close();
      renewOnce();
      assertThat(told.poll(10, TimeUnit.SECONDS)).startsWith("missed");
      renewOnce();
      assertThat(told.poll(10, TimeUnit.SECONDS)).startsWith("missed");
    }
  }

  /** Whoever asks for it now gets it: the run must not go on as if it were alone. */
  @Test
  void oneThatCouldNotBeRenewedUntilItExpiredIsLost() throws InterruptedException {
    try (DrillLease lease = lease(this::step)) {
      assertThat(lease.acquire("run-1")).isEmpty();
      client.close();
      pass(Duration.ofSeconds(39));
      paused();
      renewOnce();
      assertThat(told.poll(10, TimeUnit.SECONDS)).startsWith("missed");
      paused(); // only now: after a renewal it looks at the clock once more
      pass(Duration.ofSeconds(3));
      renewOnce();
      assertThat(told.poll(10, TimeUnit.SECONDS))
          .isEqualTo("lost to whoever asks for it: it could not be renewed for 42 s");
    }
  }

  @Test
  void aServerThatHangsIsGivenUpAndNamed(@TempDir Path folder) throws Exception {
    try (HostileApi api = new HostileApi();
        KubernetesClient hung =
            Connection.open(
                api.kubeconfig(folder), null, new Limits(Duration.ofSeconds(1), 0, Duration.ZERO));
        DrillLease lease = lease(hung, FOR_EVER)) {
      api.when(".*", api.hangs());
      assertThatExceptionOfType(KubernetesClientException.class)
          .isThrownBy(() -> lease.acquire("run-1"))
          .satisfies(e ->
              assertThat(ApiErrors.why(e))
                  .isEqualTo(
                      "to get Lease muster-drill in namespace default failed: no answer in time"));
    }
  }

  /** Only the look before a lease is taken over ends; no renewal comes. */
  private static void untilRenewals(Duration time) throws InterruptedException {
    if (time.equals(DrillLease.RENEWAL)) {
      FOR_EVER.of(time);
    }
  }

  /** A pause that ends when the test says so. */
  private void step(Duration time) throws InterruptedException {
    pauses.add(time);
    turn.take();
  }

  /** Waits until the thread that renews is in its next pause. */
  private void paused() throws InterruptedException {
    assertThat(pauses.poll(10, TimeUnit.SECONDS)).isEqualTo(DrillLease.RENEWAL);
  }

  /** Lets the thread that renews out of its pause. */
  private void renewOnce() throws InterruptedException {
    assertThat(turn.offer("go on", 10, TimeUnit.SECONDS)).isTrue();
  }

  private void pass(Duration time) {
    now.updateAndGet(n -> n.plus(time));
  }

  private Lease held() {
    return Objects.requireNonNull(
        client.leases().inNamespace("default").withName("muster-drill").get());
  }

  private DrillLease lease(HandTime.Pause pause) {
    return lease(client, pause);
  }

  private DrillLease lease(KubernetesClient of, HandTime.Pause pause) {
    return new DrillLease(
        of,
        new HandTime(now::get, pause),
        new DrillLease.Holder() {
          @Override
          public void missed(String why) {
            told.add("missed: " + why);
          }

          @Override
          public void lost(String to) {
            told.add("lost to " + to);
          }
        });
  }
}
