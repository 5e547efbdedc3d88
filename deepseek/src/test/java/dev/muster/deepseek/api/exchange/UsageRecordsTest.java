package dev.muster.deepseek.api.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.deepseek.api.LocalEtcd;
import dev.muster.deepseek.wire.Log;
import dev.muster.deepseek.wire.chat.Usage;
import dev.muster.deepseek.wire.etcd.Etcd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf(value = "etcdInstalled", disabledReason = "/usr/bin/etcd is missing: etcd-server")
class UsageRecordsTest {
  private static final Usage USAGE = new Usage(1, 0, 2, 0, false);

  @TempDir private Path folder;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong();
  private LocalEtcd local;
  private Etcd etcd;

  static boolean etcdInstalled() {
    return LocalEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    local = new LocalEtcd(folder);
    etcd = new Etcd(List.of(URI.create(local.endpoint())), Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() {
    local.close();
  }

  private Retention retention(Duration age) {
    return new Retention(etcd, age, nanos::get);
  }

  private UsageRecords records(Retention retention, Duration patience) {
    var records =
        new UsageRecords(
            etcd,
            retention,
            patience,
            "gateway",
            InstantSource.system(),
            new GatewayMetrics(),
            new Log(
                new PrintStream(log, true, StandardCharsets.UTF_8),
                InstantSource.system(),
                "api",
                "gateway"));
    records.start();
    return records;
  }

  private List<Etcd.Entry> written() throws IOException {
    return etcd.list(UsageRecords.PREFIX).entries();
  }

  @Test
  void recordsThatGatherMeanwhileAreOneTransaction() throws IOException {
    var records = records(retention(Duration.ofHours(1)), Duration.ofSeconds(30));
    var before = etcd.list(UsageRecords.PREFIX).revision();
    try (var requests = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        var id = "r" + i;
        requests.execute(() -> records.write(id, "w", "m", "stop", USAGE));
      }
    }
    assertThat(written()).hasSize(500);
    assertThat(log.size()).isZero();
    // a transaction is a revision
    assertThat(etcd.list(UsageRecords.PREFIX).revision() - before).isBetween(4L, 100L);
  }

  @Test
  void anIdThatIsUsedTwiceStopsNobody() throws IOException {
    var records = records(retention(Duration.ZERO), Duration.ofSeconds(30));
    try (var requests = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        var id = "r" + i % 3;
        requests.execute(() -> records.write(id, "w", "m", "stop", USAGE));
      }
    }
    assertThat(written()).hasSize(3);
    assertThat(log.size()).isZero();
  }

  @Test
  void etcdForgetsARecordAfterItsTime() throws IOException {
    records(retention(Duration.ofMillis(100)), Duration.ofSeconds(30))
        .write("r", "w", "m", "stop", USAGE);
    records(retention(Duration.ZERO), Duration.ofSeconds(30))
        .write("forever", "w", "m", "stop", USAGE);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(written())
                .extracting(Etcd.Entry::key)
                .containsExactly(UsageRecords.PREFIX + "forever"));
  }

  @Test
  void aLeaseIsSharedByASlotOfTime() throws IOException {
    var retention = retention(Duration.ofMinutes(96));
    var first = retention.lease();
    nanos.addAndGet(Duration.ofSeconds(59).toNanos());
    assertThat(retention.lease()).isEqualTo(first);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(retention.lease()).isNotEqualTo(first);
  }

  @Test
  void aLeaseThatIsGoneCostsNoRecord() throws IOException {
    var retention = retention(Duration.ofHours(1));
    etcd.revoke(retention.lease());
    records(retention, Duration.ofSeconds(30)).write("r", "w", "m", "stop", USAGE);
    assertThat(written()).hasSize(1);
  }

  @Test
  void theRequestGoesOnWithoutEtcdAndTheRecordFollows() throws IOException {
    var records = records(retention(Duration.ofHours(1)), Duration.ofMillis(50));
    local.stop();
    records.write("r", "w", "m", "stop", USAGE);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("usage record delayed");
    assertThat(records.unwritten()).isEqualTo(1);
    local.restart();
    await().atMost(Duration.ofSeconds(30)).until(() -> records.unwritten() == 0);
    assertThat(written()).hasSize(1);
  }
}
