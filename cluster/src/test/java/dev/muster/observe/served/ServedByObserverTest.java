package dev.muster.observe.served;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.muster.drill.observer.AccessLog;
import dev.muster.observe.ObservationException;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import dev.muster.timeline.file.Journal;
import dev.muster.timeline.file.Ledger;
import dev.muster.timeline.file.TraceFile;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceListBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An ingress with one pod, and a service with two; the answers name none. */
@EnableKubernetesMockClient
@Timeout(30)
class ServedByObserverTest {
  private static final Instant T0 = Instant.parse("2026-01-02T03:04:05Z");
  private static final String RUN = "20260102-030405-llm";
  private static final String LOG_PATH =
      "/api/v1/namespaces/edge/pods/envoy-1/log?pretty=false&container=envoy&sinceTime=2026-01-02T03:04:02Z";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @TempDir Path root;

  @SuppressWarnings("NullAway.Init") // set before each
  private Path folder;

  private final List<Event> events = new ArrayList<>();

  @BeforeEach
  void cluster() {
    folder = root.resolve(RUN);
    assertThat(folder.toFile().mkdirs()).isTrue();
    var pods =
        new PodListBuilder()
            .addToItems(pod("w-1", "10.9.1.7", "u1"), pod("w-2", "10.9.2.14", "u2"))
            .build();
    server.expect().get().withPath("/api/v1/namespaces/llm/pods").andReturn(200, pods).always();
    server
        .expect()
        .get()
        .withPath("/apis/discovery.k8s.io/v1/namespaces/llm/endpointslices")
        .andReturn(200, new EndpointSliceListBuilder().build())
        .always();
    var envoy =
        new PodBuilder()
            .withNewMetadata()
            .withName("envoy-1")
            .withNamespace("edge")
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName("shutdown-manager")
            .endContainer()
            .addNewContainer()
            .withName("envoy")
            .endContainer()
            .endSpec()
            .build();
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/edge/pods?labelSelector=app%3Denvoy")
        .andReturn(200, new PodListBuilder().addToItems(envoy).build())
        .always();
  }

  private static io.fabric8.kubernetes.api.model.Pod pod(String name, String ip, String uid) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("llm")
        .withUid(uid)
        .withCreationTimestamp("2026-01-02T03:00:00Z")
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .addNewPodIP()
        .withIp(ip)
        .endPodIP()
        .endStatus()
        .build();
  }

  private static String line(int number, String upstream) {
    return "\"POST /v1 HTTP/1.1\" 200 \"172.16.0.1\" \"%s-%d\" \"%s\"\n"
        .formatted(RUN, number, upstream);
  }

  private static Request row(int number, List<String> pods, Outcome outcome) {
    var sent = T0.plusSeconds(number);
    return new Request(
        RUN + "-" + number,
        true,
        sent,
        sent,
        sent,
        null,
        sent,
        sent,
        sent.plusMillis(500),
        7,
        0,
        pods,
        1,
        0,
        200,
        outcome,
        null,
        null);
  }

  private void rows(Request... rows) {
    try (var journal = Journal.open(folder);
        var ledger = Ledger.open(folder)) {
      journal.append(
          new Event.MilestoneReached(
              Stamp.engine(T0),
              Milestone.REPLACEMENT_CREATED,
              new ObjectRef.Pod("llm", "w-2", "u2"),
              Map.of()));
      for (var row : rows) {
        ledger.append(row);
      }
    }
  }

  private ServedByObserver observer() {
    var clock = Clock.fixed(T0, ZoneOffset.UTC);
    var log = new AccessLog("edge", Map.of("app", "envoy"), "envoy");
    return new ServedByObserver(
        new AccessLogs(client, log, clock),
        new ServingPods(client, "llm"),
        RUN,
        folder,
        Duration.ofSeconds(7),
        clock,
        events::add);
  }

  @Test
  void theAccessLogNamesThePodOfEachAnswerThatDoesNot() {
    server
        .expect()
        .get()
        .withPath(LOG_PATH)
        .andReturn(
            200, line(1, "10.9.1.7:8080") + "starting\n" + line(2, "10.9.2.14:8080") + line(3, "-"))
        .always();
    rows(
        row(1, List.of(), Outcome.COMPLETE),
        row(2, List.of(), Outcome.TRUNCATED),
        row(3, List.of("w-9"), Outcome.COMPLETE));
    try (var observer = observer()) {
      observer.end();
    }
    assertThat(TraceFile.read(folder))
        .extracting(Trace::source, Trace::id, Trace::worker)
        .containsExactly(
            tuple(Trace.Source.ACCESS, RUN + "-1", "w-1"),
            tuple(Trace.Source.ACCESS, RUN + "-2", "w-2"));
    // a stream that was cut is no good token
    assertThat(events).noneMatch(Event.MilestoneReached.class::isInstance);
  }

  @Test
  void theFirstGoodTokenOfAReplacementIsFoundAfterwards() {
    server
        .expect()
        .get()
        .withPath(LOG_PATH)
        .andReturn(200, line(3, "10.9.2.14:80") + line(2, "10.9.2.14:80") + line(1, "10.9.1.7:80"))
        .always();
    rows(
        row(1, List.of(), Outcome.COMPLETE),
        row(2, List.of(), Outcome.COMPLETE),
        row(3, List.of(), Outcome.COMPLETE));
    try (var observer = observer()) {
      observer.end();
    }
    var found =
        events.stream()
            .filter(Event.MilestoneReached.class::isInstance)
            .map(Event.MilestoneReached.class::cast)
            .toList();
    assertThat(found).hasSize(1);
    assertThat(found.getFirst().milestone()).isEqualTo(Milestone.FIRST_GOOD_TOKEN);
    assertThat(found.getFirst().object()).isEqualTo(new ObjectRef.Request(RUN + "-2"));
    assertThat(found.getFirst().stamp().at()).isEqualTo(T0.plusSeconds(2));
    assertThat(found.getFirst().detail()).containsEntry("pod", "pod/llm/w-2#u2");
  }

  @Test
  void aLogThatMayNotBeReadIsTold() {
    server.expect().get().withPath(LOG_PATH).andReturn(403, "no").always();
    rows();
    try (var observer = observer()) {
      assertThatThrownBy(observer::end)
          .isInstanceOf(ObservationException.class)
          .hasMessageContaining("the log of pod/edge/envoy-1");
    }
  }
}
