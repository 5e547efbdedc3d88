package dev.muster.cluster.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.object.Pods;
import dev.muster.cluster.preflight.Stage;
import dev.muster.drill.Drill;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
  private final Stage stage = Stage.ofThree();

  @Test
  void theNodeWithMostTargetPodsIsTaken() {
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "node-2").pod("w3", "worker", "node-2");
    assertThat(node("{hosting: target}")).isEqualTo("node-2");
    assertThat(nodes("{kind: NodeShutdown, duration: 1m, ttl: 2m}")).containsExactly("node-2");
  }

  @Test
  void theOnlyReplicaOfSomethingComesFirst() {
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "node-1").pod("a1", "api", "node-3");
    assertThat(node("{hosting: target}")).isEqualTo("node-3");
  }

  @Test
  void theNodeWithMostPodsOfAComponentIsTakenAndOfEqualsTheFirst() {
    stage.pod("w1", "worker", "node-1");
    stage.pod("a1", "api", "node-3").pod("a2", "api", "node-2").pod("a3", "api", "node-3");
    assertThat(node("{hosting: api}")).isEqualTo("node-3");
    stage.without("a3");
    assertThat(node("{hosting: api}")).isEqualTo("node-2");
    assertThat(node("{hosting: api, zone: c}")).isEqualTo("node-3");
    refused("{hosting: apo}", "/hosting").hasMessageContaining("did you mean api?");
  }

  @Test
  void protectedNodesAreNeverTaken() {
    stage.pod("w1", "worker", "ops").pod("w2", "worker", "ops").pod("w3", "worker", "node-3");
    stage.node("cp", "node-role.kubernetes.io/control-plane: ''").pod("w4", "worker", "cp");
    assertThat(node("{hosting: target}")).isEqualTo("node-3");
    refused("{nodes: [node-1, ops]}", "/nodes/1").hasMessageContaining("protected");
    refused("{nodes: [cp]}", "/nodes/0").hasMessageContaining("protect.controlPlane: false");
    assertThat(all("{labelSelectors: {app: worker}}", "")).containsExactly("node-3");
    assertThat(all("{labelSelectors: {app: worker}}", "protect: {controlPlane: false}"))
        .containsExactlyInAnyOrder("cp", "node-3");
    assertThatThrownBy(() -> all("{labelSelectors: {app: worker}}", "protect: {nodes: [node-3]}"))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("node-3 is protected: named under protect.nodes");
  }

  @Test
  void whatIsNotThereIsToldWithTheNearestWord() {
    stage.pod("w1", "worker", "node-1");
    refused("{nodes: [node-l]}", "/nodes/0").hasMessageContaining("did you mean node-");
    refused("{zone: d}", "/zone").hasMessageContaining("did you mean a?");
    refused("{nodeSelectors: {muster.dev/role: op}}", "/nodeSelectors")
        .hasMessageContaining("did you mean muster.dev/role=ops?");
    refused("{labelSelectors: {app: workers}}", "/labelSelectors")
        .hasMessageContaining("did you mean app=worker?");
    refused("{expressionSelectors: [{key: ap, operator: Exists}]}", "/expressionSelectors/0")
        .hasMessageContaining("did you mean app?");
    refused("{namespaces: [t]}", "/namespaces/0").hasMessageContaining("did you mean s?");
    refused("{pods: {s: [w1, w2]}}", "/pods/s/1").hasMessageContaining("did you mean w1?");
    refused("{fieldSelectors: {spec.nodename: x}}", "/fieldSelectors/spec.nodename")
        .hasMessageContaining("did you mean spec.nodeName?");
    refused("{zone: a, nodes: [node-2]}", "").hasMessageContaining("none is all of");
    stage.without("w1").pod("x", "workers", "node-1");
    assertThatThrownBy(() -> node("{hosting: target}"))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("did you mean app=workers?");
  }

  @Test
  void aZoneThatIsNotThereIsToldWithThoseThatAre() {
    refused("{zone: eu-west-1d}", "/zone").hasMessageContaining("the zones are [a, b, c]");
    assertThatThrownBy(
            () -> nodes(new Stage().node("n1", "x: y"), OUTAGE.formatted("NodeShutdown", "all")))
        .isInstanceOf(TargetException.class)
        .hasMessageContaining("zone a matches no node")
        .hasMessageContaining("no node has the label topology.kubernetes.io/zone");
  }

  @Test
  void nothingIsLeftOfAClusterWhoseOnlyZoneIsLost() {
    Stage one = new Stage().node("n1", ZONE_A).node("n2", ZONE_A).node("ops", ZONE_A + ", " + OPS);
    for (String kind : List.of("NodeShutdown", "NodeNetwork")) {
      assertThatThrownBy(() -> nodes(one, OUTAGE.formatted(kind, "all")))
          .isInstanceOfSatisfying(
              TargetException.class,
              e -> assertThat(e.pointer()).isEqualTo("/faults/0/selector/zone"))
          .hasMessageContaining("all nodes are in zone a")
          .hasMessageContaining("the zones are [a]");
    }
    // one of its nodes, or all that live on, say something of the service
    assertThat(nodes(one, OUTAGE.formatted("NodeShutdown", "one"))).hasSize(1);
    assertThat(nodes(one, OUTAGE.formatted("KubeletStop", "all")))
        .containsExactlyInAnyOrder("n1", "n2");
  }

  @Test
  void aZoneIsTakenWholeWhereAnotherIsLeft() {
    stage.node("node-4", ZONE_A);
    assertThat(nodes(stage, OUTAGE.formatted("NodeShutdown", "all")))
        .containsExactlyInAnyOrder("node-1", "node-4");
    // who says nothing of a zone is in none, and stays
    Stage unsaid = new Stage().node("n1", ZONE_A).node("n2", "x: y");
    assertThat(nodes(unsaid, OUTAGE.formatted("NodeShutdown", "all"))).containsExactly("n1");
  }

  private static final String ZONE_A = "topology.kubernetes.io/zone: a";
  private static final String OPS = "muster.dev/role: ops";
  private static final String OUTAGE =
      "{kind: %s, mode: %s, selector: {zone: a}, duration: 1m, ttl: 2m}";

  private static List<String> nodes(Stage there, String fault) {
    Drill drill = Stage.drill(fault);
    return new Selection(drill, there.snapshot()).nodes(drill.faults().getFirst(), new Random(1));
  }

  @Test
  void wordsAboutPodsMeanTheNodesThatCarryThem() {
    stage.pod("w1", "worker", "node-1").pod("e1", "etcd", "node-3");
    stage.pod("dns", "kube-system", "k8s-app: kube-dns", "node-2", "");
    assertThat(node("{labelSelectors: {app: etcd}}")).isEqualTo("node-3");
    assertThat(node("{namespaces: [kube-system], labelSelectors: {k8s-app: kube-dns}}"))
        .isEqualTo("node-2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{labelSelectors: {app: api}} | a1",
        "{expressionSelectors: [{key: app, operator: In, values: [api, etcd]}]} | a1 e1",
        "{expressionSelectors: [{key: app, operator: NotIn, values: [api, etcd]}]} | w1 w2",
        "{expressionSelectors: [{key: tier, operator: DoesNotExist}]} | a1 e1 w1 w2",
        "{annotationSelectors: {owner: me}} | w1",
        "{fieldSelectors: {spec.nodeName: node-2}} | a1 w2",
        "{fieldSelectors: {metadata.name: w1}} | w1",
        "{podPhaseSelectors: [Pending]} | e1",
        "{pods: {s: [w1, e1]}} | e1 w1",
        "{namespaces: [other]} | o1",
        "{namespaces: [s, other], labelSelectors: {app: api}} | a1 o1",
        "{zone: b} | w2",
        "{nodes: [node-1, node-2], labelSelectors: {app: api}} | a1",
        "{hosting: api} | a1",
        "{hosting: target} | w1",
        "{hosting: api, labelSelectors: {app: worker}} | w2",
      })
  void podsAreSelectedByEachWord(String selector, String names) {
    stage.namespace("other", java.util.Map.of());
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "node-2").pod("a1", "api", "node-2");
    stage.pod("e1", "etcd", "node-3").pod("o1", "other", "app: api", "node-3", "");
    stage.changedPod(
        "w1", p -> p.edit().editMetadata().addToAnnotations("owner", "me").endMetadata().build());
    stage.changedPod("e1", p -> p.edit().editStatus().withPhase("Pending").endStatus().build());
    // the only pod of api and etcd each: for hosting: target the first is node-1 without them
    stage.pod("a2", "api", "ops").pod("e2", "etcd", "ops");
    assertThat(pods("{kind: PodKill, mode: all, selector: %s}".formatted(selector), ""))
        .containsExactlyInAnyOrder(names.split(" "));
  }

  @Test
  void podsThatLeaveOrHaveFinishedOrAreProtectedAreNeverTaken() {
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "node-2").pod("w3", "worker", "ops");
    stage.pod("w4", "worker", "node-3");
    stage.changedPod(
        "w2",
        p ->
            p.edit()
                .editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build());
    stage.changedPod("w4", p -> p.edit().editStatus().withPhase("Failed").endStatus().build());
    assertThat(pods("{kind: PodKill, mode: all}", "")).containsExactly("w1");
    refused("PodKill", "{pods: {s: [w3]}}", "/pods/s/0").hasMessageContaining("ops is protected");
    refused("PodKill", "{podPhaseSelectors: [Failed]}", "/podPhaseSelectors")
        .hasMessageContaining("finished pods are never chosen");
    stage.pod("dns", "kube-system", "k8s-app: kube-dns", "node-2", "");
    refused("PodKill", "{namespaces: [kube-system]}", "/namespaces/0")
        .hasMessageContaining("namespace kube-system is protected");
    assertThat(
            pods(
                "{kind: PodKill, selector: {namespaces: [kube-system]}}",
                "protect: {namespaces: [prod]}"))
        .containsExactly("dns");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{labelSelectors: {app: api}} | a1 a2",
        "{labelSelectors: {app: api}, nodes: [node-2]} | a1",
        "{pods: {s: [w1, a2]}} | w1 a2",
        "{zone: b} | a1 w2",
        "{expressionSelectors: [{key: app, operator: NotIn, values: [api, target]}]} | w1 w2",
      })
  void peersAreMeantByEachWordAlsoWhereTheyAreProtected(String selector, String names) {
    stage.pod("w1", "worker", "node-1").pod("w2", "worker", "node-2");
    stage.pod("a1", "api", "node-2").pod("a2", "api", "ops");
    assertThat(peers(selector)).containsExactlyInAnyOrder(names.split(" "));
  }

  @Test
  void peersThatAreNotThereAreRefusedAtTheirPlace() {
    stage.pod("w1", "worker", "node-1");
    assertThatThrownBy(() -> peers("{labelSelectors: {app: nobody}}"))
        .isInstanceOfSatisfying(
            TargetException.class,
            e -> assertThat(e.pointer()).startsWith("/faults/0/peerSelector"));
  }

  private List<String> peers(String selector) {
    Drill drill =
        Stage.drill("{kind: NetworkPolicy, duration: 1m, ttl: 2m, peerSelector: " + selector + "}");
    return new Selection(drill, stage.snapshot())
        .peers(drill.faults().getFirst()).stream().map(Pods::name).toList();
  }

  @Test
  void theModeSaysHowManyAndTheSeedWhich() {
    for (int i = 0; i < 8; i++) {
      stage.pod("w" + i, "worker", "node-" + (1 + i % 3));
    }
    long seed = new Random().nextLong(1L << 40);
    System.out.println("seed " + seed);
    String more = "#";
    String half = "{kind: PodKill, mode: fixed-percent, value: 50}";
    assertThat(pods(half, more)).hasSize(4).isEqualTo(pods(half, more));
    Set<List<String>> seen = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      Drill drill = seeded(half, seed + i);
      seen.add(names(drill));
      assertThat(names(drill)).isEqualTo(names(drill));
    }
    assertThat(seen).hasSizeGreaterThan(1);
    assertThat(all("{hosting: target}", ""))
        .containsExactlyInAnyOrder("node-1", "node-2", "node-3");
  }

  private static Drill seeded(String fault, long seed) {
    Drill d = Stage.drill(fault);
    var l = java.util.Objects.requireNonNull(d.load());
    return new Drill(
        d.metadata(),
        d.lab(),
        d.deploy(),
        d.monitor(),
        d.observe(),
        d.power(),
        d.target(),
        new Drill.Load(
            l.arrivals(),
            l.stream(),
            l.promptTokens(),
            l.answerTokens(),
            l.baseline(),
            l.timeout(),
            seed,
            l.model(),
            l.request()),
        d.steps(),
        d.abortWhen(),
        d.protect(),
        d.agentImage(),
        d.expect(),
        d.report());
  }

  private String node(String selector) {
    List<String> nodes = nodes(shutdown("NodeShutdown", selector));
    assertThat(nodes).hasSize(1);
    return nodes.getFirst();
  }

  private List<String> nodes(String fault) {
    return choose(Stage.drill(fault));
  }

  private List<String> all(String selector, String more) {
    return choose(
        Stage.drill(
            "{kind: NodeShutdown, mode: all, duration: 1m, ttl: 2m, selector: " + selector + "}",
            more));
  }

  private List<String> choose(Drill drill) {
    var fault = drill.faults().getFirst();
    return new Selection(drill, stage.snapshot()).nodes(fault, Selection.chance(drill, fault));
  }

  private List<String> pods(String fault, String more) {
    return names(Stage.drill(fault, more));
  }

  private List<String> names(Drill drill) {
    var fault = drill.faults().getFirst();
    return new Selection(drill, stage.snapshot())
        .pods(fault, Selection.chance(drill, fault)).stream().map(Pods::name).toList();
  }

  private static String shutdown(String kind, String selector) {
    return kind.equals("PodKill")
        ? "{kind: PodKill, selector: " + selector + "}"
        : "{kind: " + kind + ", duration: 1m, ttl: 2m, selector: " + selector + "}";
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(String selector, String place) {
    return refused("NodeShutdown", selector, place);
  }

  private AbstractThrowableAssert<?, ? extends Throwable> refused(
      String kind, String selector, String place) {
    return assertThatThrownBy(
            () -> {
              if (kind.equals("PodKill")) {
                pods(shutdown(kind, selector), "");
              } else {
                nodes(shutdown(kind, selector));
              }
            })
        .isInstanceOfSatisfying(
            TargetException.class,
            e -> assertThat(e.pointer()).isEqualTo("/faults/0/selector" + place));
  }
}
