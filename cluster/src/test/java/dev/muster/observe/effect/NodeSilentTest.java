package dev.muster.observe.effect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.port.Effect;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What shows that a node is taken away, and what shows that it is back. */
@EnableKubernetesMockClient(crud = true)
class NodeSilentTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  private Instant now = BEGIN;
  private boolean answers = true;

  @BeforeEach
  void node() {
    client.getConfiguration().setRequestRetryBackoffLimit(0); // as a probe's
    server
        .expect()
        .get()
        .withPath("/api/v1/nodes/n1/proxy/healthz")
        .andReply(new Answer(() -> answers ? 200 : 503))
        .always();
    renewed();
  }

  @Test
  void aLeaseThatIsNotRenewedAndAKubeletThatDoesNotAnswerAreSilence() {
    NodeSilent silent = silent();
    assertThat(silent.before()).isEmpty();
    answers = false;
    assertThat(silent.seen()).isEmpty();
    pass(11);
    assertThat(silent.seen()).as("it may be renewed in a moment").isEmpty();
    pass(1);
    assertThat(silent.seen().orElseThrow()).containsEntry("kubelet", "does not answer");
    assertThat(silent.again()).isInstanceOf(Effect.Lasts.class);
  }

  @Test
  void aKubeletThatAnswersKeepsANodeFromBeingSilent() {
    NodeSilent silent = silent();
    silent.seen();
    pass(30);
    assertThat(silent.seen()).isEmpty();
    assertThat(silent.before()).isEmpty();
    answers = false;
    assertThat(silent.before()).contains("the kubelet of n1 does not answer already");
  }

  @Test
  void aLeaseThatCanNotBeReadProvesNothing() {
    NodeSilent silent = silent();
    answers = false;
    client.leases().inNamespace("kube-node-lease").withName("n1").delete();
    silent.seen();
    pass(30);
    assertThat(silent.seen()).isEmpty();
    assertThat(silent.again()).isInstanceOf(Effect.Untold.class);
  }

  /** History 2 and 12: whoever gave it back, it is back when both are. */
  @Test
  void aNodeIsBackWhenItsKubeletAnswersAndItsLeaseIsRenewed() {
    NodeSilent silent = seen();
    answers = true;
    assertThat(silent.again()).as("it only answers").isInstanceOf(Effect.Untold.class);
    answers = false;
    renewed();
    assertThat(silent.again()).as("it only renews").isInstanceOf(Effect.Untold.class);
    answers = true;
    assertThat(silent.again()).isInstanceOf(Effect.Over.class);
  }

  /** As another process does it that undoes what a killed one did. */
  @Test
  void whoeverDidNotSeeItGoSeesItComeBackAllTheSame() {
    answers = false;
    NodeSilent silent = silent();
    assertThat(silent.again()).isInstanceOf(Effect.Lasts.class);
    answers = true;
    assertThat(silent.again()).isInstanceOf(Effect.Untold.class);
    pass(10);
    renewed();
    assertThat(silent.again()).isInstanceOf(Effect.Over.class);
  }

  private NodeSilent silent() {
    return new NodeSilent(client, "n1", false, () -> now);
  }

  private NodeSilent seen() {
    NodeSilent silent = silent();
    answers = false;
    silent.seen();
    pass(12);
    assertThat(silent.seen()).isPresent();
    return silent;
  }

  private void pass(int seconds) {
    now = now.plusSeconds(seconds);
  }

  private void renewed() {
    client
        .resource(
            new LeaseBuilder()
                .withNewMetadata()
                .withName("n1")
                .withNamespace("kube-node-lease")
                .endMetadata()
                .withNewSpec()
                .withRenewTime(now.atZone(ZoneOffset.UTC))
                .endSpec()
                .build())
        .createOr(r -> r.update());
  }
}
