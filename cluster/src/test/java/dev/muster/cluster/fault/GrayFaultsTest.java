package dev.muster.cluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.field.LlmFailure;
import dev.muster.drill.kind.LlmFault;
import dev.muster.hostile.GrayPod;
import dev.muster.hostile.HostileApi;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page on which a pod is told to fail, and the deed that tells it. */
@Timeout(60)
class GrayFaultsTest {
  private static final LlmFault STUCK = new LlmFault(LlmFailure.STUCK_DECODE, 0, 5, "faults", null);

  private final GrayPod worker = new GrayPod();
  private final Pod pod = pod("u");
  private HostileApi api;
  private KubernetesClient client;

  @BeforeEach
  void cluster() throws IOException {
    api = new HostileApi();
    api.put(pod)
        .put(secret(GrayPod.TOKEN))
        .when(".* /api/v1/namespaces/s/pods/w1:8000/proxy/.*", worker);
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(io.fabric8.kubernetes.client.Config.empty())
                    .withMasterUrl(api.url())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
  }

  @AfterEach
  void close() throws IOException {
    worker.close();
    client.close();
    api.close();
  }

  private static Pod pod(String uid) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: w1, namespace: s, uid: %s}
        spec: {containers: [{name: c, ports: [{containerPort: 8000}]}]}
        """
            .formatted(uid),
        Pod.class);
  }

  private static Secret secret(String token) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("s")
        .withName("faults")
        .endMetadata()
        .addToData(
            "token", Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)))
        .build();
  }

  private LlmDeed deed(LlmFault kind) {
    return new LlmDeed(
        GrayFaults.of(client, pod, kind), LlmDeed.id("r", "fault-1"), kind, Duration.ofSeconds(45));
  }

  @Test
  void thePodIsToldItsFailureWithItsOwnFieldsAndTheTtl() {
    deed(STUCK).apply();
    deed(new LlmFault(LlmFailure.SLOW_DECODE, 8, 5, "faults", null)).undo();
    deed(new LlmFault(LlmFailure.SLOW_DECODE, 8, 5, "faults", null)).apply();
    deed(new LlmFault(LlmFailure.TRUNCATION, 0, 3, "faults", null)).apply();
    assertThat(worker.bodies())
        .containsExactly(
            "{\"id\":\"r-fault-1\",\"failure\":\"stuck-decode\",\"ttl_ms\":45000}",
            "{\"id\":\"r-fault-1\",\"failure\":\"slow-decode\",\"ttl_ms\":45000,\"factor\":8}",
            "{\"id\":\"r-fault-1\",\"failure\":\"truncation\",\"ttl_ms\":45000,\"after_tokens\":3}");
  }

  @Test
  void theUndoLeavesNothingAndMayBeRepeated() {
    LlmDeed deed = deed(STUCK);
    deed.undo(); // before anything was done
    assertThat(deed.undone()).isTrue();
    deed.apply();
    assertThat(deed.undone()).isFalse();
    deed.apply(); // the same once more renews it
    deed.undo();
    assertThat(deed.undone()).isTrue();
    deed.undo();
  }

  /** As {@code muster resume} does it: the journal is all that it has. */
  @Test
  void anotherProcessUndoesItByTheJournalAlone() {
    LlmDeed deed = deed(STUCK);
    deed.apply();
    Map<String, String> journal = deed.identity();
    assertThat(journal)
        .containsEntry("id", "r-fault-1")
        .containsEntry("failure", "stuck-decode")
        .containsEntry("uid", "u");
    assertThat(journal.toString()).doesNotContain(GrayPod.TOKEN);
    GrayFaults later = GrayFaults.of(client, journal);
    assertThat(later.has("r-fault-1")).isTrue();
    assertThat(later.has("r-fault-2")).isFalse();
    later.end("r-fault-1");
    assertThat(later.has("r-fault-1")).isFalse();
    assertThatThrownBy(() -> GrayFaults.of(client, Map.of("pod", "w1")))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining("ends by itself at its ttl");
  }

  @Test
  void aPodThatIsGoneOrAnotherHasNothingLeft() {
    LlmDeed deed = deed(STUCK);
    deed.apply();
    api.put(pod("another"));
    deed.undo();
    assertThat(deed.undone()).isTrue();
    api.remove(pod);
    deed.undo();
    assertThat(deed.undone()).isTrue();
    assertThat(api.asked())
        .as("nobody else was asked to end it")
        .noneMatch(asked -> asked.startsWith("DELETE"));
  }

  @Test
  void itsOwnClockMayHaveEndedIt() {
    LlmDeed deed = deed(STUCK);
    deed.apply();
    worker.forget();
    deed.undo();
    assertThat(deed.undone()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          secret gone  | Secret s/faults is not there, whose token gray failures need: set worker.faults.enabled: true
          no key       | Secret s/faults has no key "token"
          faults off   | pod/s/w1 knows no gray failures at port 8000: they are off; set worker.faults.enabled: true
          other token  | pod/s/w1 refuses the token of Secret s/faults: it was started with another one
          not reached  | pod/s/w1 could not be asked for its faults: error trying to reach service
          forbidden    | secrets "faults" is forbidden; grant it to the user of this kubeconfig: 'muster rbac DRILL'
          no proxying  | pods "w1:8000" is forbidden; grant it
          taken        | pod/s/w1 has the failure stuck-decode already, by fault x: it ends by itself in 42s
          """)
  void whyItCanNotBeginIsToldWithWhatToDo(String what, String words) {
    switch (what) {
      case "secret gone" -> api.remove(secret("x"));
      case "no key" ->
          api.put(
              new SecretBuilder()
                  .withNewMetadata()
                  .withNamespace("s")
                  .withName("faults")
                  .endMetadata()
                  .build());
      case "faults off" -> worker.off = true;
      case "other token" -> api.put(secret("an0ther"));
      case "not reached" ->
          api.when(".*/proxy/.*", HostileApi.fails(503, "error trying to reach service: refused"));
      case "forbidden" ->
          api.when(".*/secrets/.*", HostileApi.fails(403, "secrets \"faults\" is forbidden"));
      case "no proxying" ->
          api.when(".*/proxy/.*", HostileApi.fails(403, "pods \"w1:8000\" is forbidden"));
      default -> worker.fail(LlmFailure.STUCK_DECODE, 0, 0);
    }
    assertThat(GrayFaults.of(client, pod, STUCK).trouble().orElseThrow())
        .startsWith(words)
        .doesNotContain(GrayPod.TOKEN, "an0ther");
    if (!what.equals("taken")) {
      assertThatThrownBy(() -> deed(STUCK).apply()).isInstanceOf(ClusterException.class);
    }
  }

  @Test
  void aTokenThatNoHeaderCarriesIsRefusedAndNotQuoted() {
    api.put(secret("s3cret\nt0ken"));
    assertThatThrownBy(() -> deed(STUCK).apply())
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("Secret s/faults: its key \"token\" is no text of visible ASCII")
        .hasMessageNotContainingAny("s3cret", "t0ken");
  }

  @Test
  void aPodThatQuotesTheTokenIsNotQuoted() {
    api.when(
        ".*/proxy/.*",
        to -> to.answer(400, "{\"error\": {\"message\": \"no: " + GrayPod.TOKEN + "\"}}"));
    assertThatThrownBy(() -> deed(STUCK).apply())
        .isInstanceOf(ClusterException.class)
        .hasMessage("pod/s/w1 refuses it with HTTP 400: no: …");
  }

  @Test
  void aPageThatSaysNothingOfFaultsIsNoUndo() {
    api.when(".*/proxy/.*", to -> to.answer(200, "{}"));
    assertThatThrownBy(() -> deed(STUCK).undone())
        .isInstanceOf(ClusterException.class)
        .hasMessage("pod/s/w1 says at /faults nothing of faults: {}");
    assertThat(GrayFaults.of(client, pod, STUCK).trouble()).isPresent();
  }

  @Test
  void whatThePodRefusesIsToldInItsWords() {
    worker.fail(LlmFailure.STUCK_DECODE, 0, 0);
    assertThatThrownBy(() -> deed(STUCK).apply())
        .isInstanceOf(ClusterException.class)
        .hasMessage("pod/s/w1 refuses it with HTTP 409: there is such a fault");
    assertThat(GrayFaults.of(client, pod, STUCK).trouble())
        .as("another failure's harm would be taken for this one's")
        .isPresent();
  }
}
