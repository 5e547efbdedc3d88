package dev.muster.observe.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.drill.file.DrillFile;
import dev.muster.timeline.Event;
import dev.muster.timeline.Event.EtcdChanged;
import dev.muster.timeline.Event.EtcdHashed;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import dev.muster.timeline.file.TraceFile;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** What is observed of three real members of etcd, and judged. */
@EnabledIf(value = "etcdInstalled", disabledReason = "etcd-server and etcd-client are missing")
@Tag("lab")
class LiveEtcdTest {
  private static final Duration APART = Duration.ofMillis(100);

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // set before each test
  private LiveEtcd etcd;

  @SuppressWarnings("NullAway.Init") // set before each test
  private ServiceEtcd service;

  private final List<Event> events = new CopyOnWriteArrayList<>();

  static boolean etcdInstalled() {
    return LiveEtcd.installed();
  }

  @BeforeEach
  void start() throws IOException {
    etcd = new LiveEtcd(folder);
    service = new ServiceEtcd(etcd, 3);
  }

  @AfterEach
  void stop() {
    etcd.close();
  }

  private UsageObserver usage() {
    return new UsageObserver(service, APART, folder, Clock.systemUTC(), events::add);
  }

  private EtcdObserver members() {
    return new EtcdObserver(service, APART, Duration.ofSeconds(5), Clock.systemUTC(), events::add);
  }

  private void record(String id) {
    etcd.put(
        ServiceEtcd.USAGE + id,
        "{\"request\":\"%s\",\"gateway\":\"g1\",\"worker\":\"w1\",\"finish\":\"stop\",\"at\":\"%s\"}"
            .formatted(id, Instant.now()));
  }

  private Finding finding(String check, int requests) {
    var drill =
        DrillFile.parse(
            """
            apiVersion: muster.dev/v1
            kind: Drill
            metadata: {name: data}
            target: {namespace: llm}
            load: {arrivals: {constant: 1/s}}
            faults: [{kind: NodeShutdown, duration: 2m, ttl: 4m}]
            expect: {consistency: {etcd: equal, acknowledgedWrites: kept}}
            """,
            "data.yaml");
    var ledger = IntStream.range(0, requests).mapToObj(n -> complete("r-" + n)).toList();
    var run = new ArrayList<>(events);
    run.add(
        new Event.LoadEnded(
            Stamp.engine(Instant.now()), requests, 0, 0, new Event.CanaryLag(900, 2, 8)));
    run.add(new Event.RunEnded(Stamp.engine(Instant.now())));
    var history = new History(drill, run, ledger, TraceFile.read(folder));
    return Verdict.of(history).findings().stream()
        .filter(f -> f.check().equals(check))
        .findFirst()
        .orElseThrow();
  }

  private static Request complete(String id) {
    var now = Instant.now();
    return new Request(
        id,
        true,
        now,
        now,
        now,
        null,
        now,
        now,
        now,
        9,
        1,
        List.of("w1"),
        1,
        0,
        200,
        Outcome.COMPLETE,
        null,
        true);
  }

  private boolean seen(Predicate<EtcdChanged> what) {
    return events.stream().anyMatch(e -> e instanceof EtcdChanged changed && what.test(changed));
  }

  @Test
  void recordsOfThisRunAreReadPageByPageAndThoseBeforeItAreNot() throws InterruptedException {
    record("of-another-run");
    var observer = usage();
    observer.begin();
    IntStream.range(0, 10).forEach(n -> record("r-" + n));
    observer.end();
    assertThat(TraceFile.read(folder))
        .extracting(Trace::id)
        .containsExactlyElementsOf(IntStream.range(0, 10).mapToObj(n -> "r-" + n).toList());
    var finding = finding("acknowledgedWrites", 10);
    assertThat(finding.status()).as(finding.toString()).isEqualTo(Status.PASS);
  }

  @Test
  void aRecordDeletedBehindTheGatewaysBackIsFoundAndNamed() throws InterruptedException {
    var observer = usage();
    observer.begin();
    IntStream.range(0, 10).forEach(n -> record("r-" + n));
    etcd.delete(ServiceEtcd.USAGE + "r-6");
    observer.end();
    var finding = finding("acknowledgedWrites", 10);
    assertThat(finding.status()).isEqualTo(Status.FAIL);
    assertThat(finding.evidence())
        .singleElement()
        .asString()
        .startsWith("lost: request r-6,")
        .endsWith("served by w1");
  }

  @Test
  void aRecordWrittenTwiceIsKnownToBe() throws InterruptedException {
    var observer = usage();
    observer.begin();
    record("r-0");
    record("r-0");
    observer.end();
    assertThat(TraceFile.read(folder)).singleElement().extracting(Trace::writes).isEqualTo(2L);
  }

  @Test
  void equalMembersHaveEqualHashesAndALostOneIsSeenToGoAndToComeBack() throws IOException {
    var observer = members();
    observer.begin();
    await().until(() -> seen(c -> c.answering().size() == 3 && !c.leader().isEmpty()));
    var leader = ((EtcdChanged) events.getFirst()).leader();
    etcd.stop(leader);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            seen(c ->
                c.silent().equals(List.of(leader))
                    && !c.leader().isEmpty()
                    && !c.leader().equals(leader)));
    record("r-0");
    etcd.start(leader);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ((EtcdChanged) events.getLast()).silent().isEmpty());
    observer.end();
    observer.close();
    var finding = finding("etcd", 1);
    assertThat(finding.status()).as(finding.toString()).isEqualTo(Status.PASS);
    assertThat(finding.why()).contains("the leader changed once");
  }

  @Test
  void aMemberRestoredFromAnOldSnapshotIsFoundAndNamed() throws Exception {
    IntStream.range(0, 5).forEach(n -> record("r-" + n));
    var snapshot = etcd.snapshot("etcd-0");
    IntStream.range(5, 10).forEach(n -> record("r-" + n));
    etcd.stop("etcd-2");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> {
          var answering = service.statuses().stream().filter(s -> s.why() == null).toList();
          var ids = answering.stream().map(ServiceEtcd.Status::id).toList();
          // for a second they name the leader that was stopped, if that was the one
          return answering.size() == 2
              && answering.stream().allMatch(s -> ids.contains(s.leader()));
        });
    etcd.restore("etcd-2", snapshot);
    etcd.moveLeader();
    etcd.start("etcd-2");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> service.statuses().stream().allMatch(s -> s.applied() > 10));
    var observer = members();
    observer.begin();
    observer.end();
    observer.close();
    var finding = finding("etcd", 10);
    assertThat(finding.status()).as(finding.toString()).isEqualTo(Status.FAIL);
    assertThat(finding.measured()).isEqualTo(1);
    assertThat(finding.why()).contains("etcd-2 has hash");
    assertThat(events.getLast()).isInstanceOf(EtcdHashed.class);
  }
}
