package dev.muster.observe.watch;

import static dev.muster.hostile.HostileApi.fails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.hostile.HostileApi;
import dev.muster.observe.ObservationTracker;
import dev.muster.timeline.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A watch against an API server that misbehaves. */
@Timeout(60)
public class ListWatchTest {
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Of a machine that is busy. */
  private static final ListWatch.Limits LONG =
      new ListWatch.Limits(Duration.ofSeconds(20), TURN, Duration.ofSeconds(20), PAUSE);

  /** Of a server that is known to let us wait. */
  private static final ListWatch.Limits SHORT =
      new ListWatch.Limits(Duration.ofMillis(400), TURN, Duration.ofMillis(300), PAUSE);

  private static final String ASKED = "GET /api/v1/nodes?watch";
  private static final String WATCH = "GET /api/v1/nodes\\?watch";

  private record Told(String name, boolean gone, Duration within) {}

  private final HostileApi api = new HostileApi();
  private final KubernetesClient client = client(api, Duration.ofSeconds(20));
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<Told> told = new CopyOnWriteArrayList<>();
  private ListWatch<Node> nodes = nodes(LONG);

  ListWatchTest() throws IOException {}

  private ListWatch<Node> nodes(ListWatch.Limits limits) {
    return new ListWatch<>(
        client,
        client,
        Node.class,
        null,
        limits,
        now::get,
        events::add,
        (node, gone, within) -> told.add(new Told(node.getMetadata().getName(), gone, within)));
  }

  private void pass(Duration time) {
    now.updateAndGet(n -> n.plus(time));
  }

  /** Without second tries. */
  public static KubernetesClient client(HostileApi api, Duration answer) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                .withMasterUrl(api.url())
                .withRequestTimeout((int) answer.toMillis())
                .withRequestRetryBackoffLimit(0)
                .build())
        .withHttpClientBuilderConsumer(http -> http.preferHttp11())
        .build();
  }

  @AfterEach
  void close() throws IOException {
    nodes.close();
    client.close();
    api.close();
  }

  private static Node node(String name, String colour) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName(name)
        .addToLabels("colour", colour)
        .endMetadata()
        .build();
  }

  private void begin() {
    api.put(node("n1", "red"));
    nodes.list();
    nodes.prove();
    nodes.follow();
    await().until(() -> api.asked().stream().filter(a -> a.endsWith("?watch")).count() >= 2);
  }

  private void awaitTold(int times) {
    await().until(() -> told.size() >= times);
  }

  private Event.ObservationLost lost() {
    await().until(() -> !events.isEmpty());
    return (Event.ObservationLost) events.getFirst();
  }

  private void awaitResumed() {
    await().until(() -> events.stream().anyMatch(Event.ObservationResumed.class::isInstance));
  }

  @Test
  void tellsWhatIsThereWhatChangesAndWhatGoes() {
    begin();
    api.put(node("n1", "green"));
    awaitTold(2);
    api.put(node("n2", "red"));
    awaitTold(3);
    api.remove(node("n1", ""));
    awaitTold(4);
    assertThat(told).extracting(Told::name).containsExactly("n1", "n1", "n2", "n1");
    assertThat(told.getLast().gone()).isTrue();
    assertThat(told).extracting(Told::within).containsOnly(ObservationTracker.USUAL);
    assertThat(nodes.objects()).extracting(n -> n.getMetadata().getName()).containsExactly("n2");
    assertThat(events).isEmpty();
  }

  @Test
  void aWatchThatEndsInItsTimeIsRenewedWithoutAWord() {
    begin();
    await().until(() -> api.asked().stream().filter(ASKED::equals).count() >= 4);
    api.put(node("n1", "green"));
    awaitTold(2);
    assertThat(events).isEmpty();
  }

  @Test
  void aWatchThatIsAnsweredAndNeverSpeaksIsRefusedInItsTime() {
    api.put(node("n1", "red")).when(WATCH, api.neverSpeaks());
    nodes = nodes(SHORT);
    nodes.list();
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(nodes::prove)
        .withMessageStartingWith(
            "the API server at " + api.url() + "/ was asked to watch Node, and its answer can not")
        .withMessageContaining("nothing came for 400ms");
  }

  @Test
  void aWatchThatIsNotAnsweredIsRefusedInItsTime() {
    api.put(node("n1", "red")).when(WATCH, api.hangs());
    nodes = nodes(SHORT);
    nodes.list();
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(nodes::prove)
        .withMessageContaining("can not be used: no answer within 400ms");
  }

  @Test
  void aWatchThatIsForbiddenIsRefusedInTheServersWords() {
    api.put(node("n1", "red")).when(WATCH, fails(403, "nodes is forbidden: no verb watch"));
    nodes.list();
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(nodes::prove)
        .withMessageContaining("nodes is forbidden: no verb watch; grant it");
  }

  @Test
  void aListThatFailsIsToldInTheServersWords() {
    api.when("GET /api/v1/nodes", fails(500, "etcdserver: leader changed"));
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(nodes::list)
        .withMessageMatching(
            "the watches can not begin: GET .*/api/v1/nodes.* was answered with 500 etcdserver:"
                + " leader changed");
  }

  @Test
  void aServerThatIsAwayIsLostAndSeenAgainAndWhatChangedIsAsOldAsTheGap() throws IOException {
    begin();
    api.down();
    Event.ObservationLost lost = lost();
    assertThat(lost.what()).isEqualTo("watch of Node");
    assertThat(lost.why()).isEqualTo("nobody listens there");
    assertThat(lost.stamp().uncertainty()).isZero();
    pass(Duration.ofSeconds(8));
    api.put(node("n1", "green"));
    api.up();
    awaitResumed();
    awaitTold(2);
    assertThat(told.getLast()).isEqualTo(new Told("n1", false, Duration.ofSeconds(8)));
    assertThat(events).hasSize(2);
    pass(ObservationTracker.USUAL);
    api.put(node("n1", "blue"));
    awaitTold(3);
    assertThat(told.getLast().within()).isEqualTo(ObservationTracker.USUAL);
  }

  @Test
  void aWatchThatBreaksAndIsMendedAtOnceIsNoLoss() throws IOException {
    begin();
    api.cutWatches();
    api.put(node("n1", "green"));
    awaitTold(2);
    assertThat(events).isEmpty();
  }

  @Test
  void anExpiredVersionLeadsToAnotherList() throws IOException {
    begin();
    api.put(node("n2", "red"));
    awaitTold(2);
    api.when(WATCH, fails(503, "not yet"));
    api.cutWatches();
    lost();
    pass(Duration.ofSeconds(30));
    api.put(node("n1", "green"));
    api.remove(node("n2", ""));
    api.forget();
    api.well();
    awaitResumed();
    awaitTold(4);
    assertThat(told.subList(2, 4))
        .containsExactlyInAnyOrder(
            new Told("n1", false, Duration.ofSeconds(30)),
            new Told("n2", true, Duration.ofSeconds(30)));
    assertThat(events).hasSize(2);
    api.put(node("n1", "blue"));
    awaitTold(5);
  }

  @Test
  void oneOfTheSameNameThatTookItsPlaceInAGapIsAnother() throws IOException {
    begin();
    api.when(WATCH, fails(503, "not yet"));
    api.cutWatches();
    lost();
    api.put(node("n1", "red").edit().editMetadata().withUid("2").endMetadata().build());
    api.forget();
    api.well();
    awaitTold(3);
    assertThat(told.subList(1, 3)).extracting(Told::gone).containsExactly(true, false);
  }

  @Test
  void aWatchThatFallsSilentIsLostSinceItsLastWord() {
    nodes = nodes(SHORT);
    begin();
    pass(Duration.ofSeconds(3));
    await().until(() -> api.asked().stream().filter(ASKED::equals).count() >= 3);
    api.when(WATCH, api.neverSpeaks());
    await().until(() -> events.stream().anyMatch(e -> why(e).contains("nothing came for 1s300ms")));
    api.put(node("n1", "green"));
    awaitTold(2); // by the list, although the watch still does not speak
  }

  /** A proxy's page with 200: that it opens again and again is no sight of anything. */
  @Test
  void whatAnswersWithAPageIsLostUntilItSpeaksAsAnApiServer() {
    nodes = nodes(SHORT);
    begin();
    api.when(
        WATCH,
        to -> {
          to.begin();
          to.chunk("<html>\n");
          to.end();
        });
    int asked = api.asked().size();
    await().until(() -> api.asked().size() >= asked + 6);
    assertThat(events).singleElement().satisfies(e -> assertThat(why(e)).contains("is no JSON"));
    api.well();
    awaitResumed();
    assertThat(events).hasSize(2);
  }

  private static String why(Event event) {
    return event instanceof Event.ObservationLost lost ? lost.why() : "";
  }

  @Test
  void oneThatIsCutForADeadServerWasCurrentWhileThatLived() {
    begin();
    api.freeze();
    Instant alive = now.get().plusSeconds(3);
    pass(Duration.ofSeconds(5));
    nodes.cut(alive);
    Event.ObservationLost lost = lost();
    assertThat(lost.why()).contains("the API server does not answer");
    assertThat(lost.stamp().uncertainty()).isEqualTo(Duration.ofSeconds(2));
    api.thaw();
    awaitResumed();
  }
}
