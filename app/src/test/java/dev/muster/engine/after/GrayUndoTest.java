package dev.muster.engine.after;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.time.RealTime;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class GrayUndoTest {
  private static final String POD = "/api/v1/namespaces/s/pods/w1";
  private static final String PAGE = "/api/v1/namespaces/s/pods/w1:8000/proxy/faults";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  private final List<Event> told = new ArrayList<>();

  private boolean undo(Map<String, String> journal) {
    return new GrayUndo(client, RealTime.TIME, told::add)
        .undo(
            new Event.FaultArmed(
                Stamp.engine(Instant.EPOCH),
                "fault-1",
                "LlmFault",
                ObjectRef.Victim.parse("pod/s/w1"),
                Instant.EPOCH,
                journal));
  }

  private static Map<String, String> journal() {
    return Map.of(
        "namespace",
        "s",
        "pod",
        "w1",
        "uid",
        "u",
        "port",
        "8000",
        "secret",
        "t",
        "id",
        "r-fault-1");
  }

  private void pod(String uid) {
    server
        .expect()
        .get()
        .withPath(POD)
        .andReturn(
            200,
            new PodBuilder()
                .withNewMetadata()
                .withNamespace("s")
                .withName("w1")
                .withUid(uid)
                .endMetadata()
                .build())
        .always();
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/s/secrets/t")
        .andReturn(200, new SecretBuilder().addToData("token", "eA==").build())
        .always();
  }

  @Test
  void thePodIsToldToEndItAndAskedWhetherItDid() throws InterruptedException {
    pod("u");
    server.expect().delete().withPath(PAGE + "/r-fault-1").andReturn(204, "").once();
    server.expect().get().withPath(PAGE).andReturn(200, "{\"faults\":[]}").once();
    assertThat(undo(journal())).isTrue();
    assertThat(told).singleElement().isInstanceOf(Event.FaultReverted.class);
  }

  @Test
  void oneThatStaysIsNotUndone() {
    pod("u");
    server.expect().delete().withPath(PAGE + "/r-fault-1").andReturn(204, "").once();
    server
        .expect()
        .get()
        .withPath(PAGE)
        .andReturn(200, "{\"faults\":[{\"id\":\"r-fault-1\",\"failure\":\"reset\"}]}")
        .once();
    assertThat(undo(journal())).isFalse();
    assertThat(told).singleElement().isInstanceOf(Event.FaultNotReverted.class);
  }

  /** Whoever has its name now never had the failure. */
  @Test
  void withItsPodItIsGone() {
    pod("another");
    assertThat(undo(journal())).isTrue();
    assertThat(told).singleElement().isInstanceOf(Event.FaultReverted.class);
  }

  @Test
  void whatNobodyCanBeAskedForWasNotSeen() {
    assertThat(undo(Map.of("by", "somebody"))).isFalse();
    assertThat(told)
        .singleElement()
        .isInstanceOf(Event.FaultRevertUnseen.class)
        .asString()
        .contains("ends by itself at its ttl");
  }
}
