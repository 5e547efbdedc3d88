package dev.muster.observe.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.drill.field.LlmFailure;
import dev.muster.drill.kind.LlmFault;
import dev.muster.drill.port.Effect;
import dev.muster.hostile.GrayPod;
import dev.muster.hostile.HostileApi;
import dev.muster.observe.watch.ListWatchTest;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What shows each gray failure of a pod, through an API server in this process. */
@Timeout(60)
class LlmDegradedTest {
  private static final LlmDegraded.Waits SHORT =
      new LlmDegraded.Waits(
          Duration.ofMillis(1500), Duration.ofMillis(1500), Duration.ofSeconds(8));

  private final GrayPod worker = new GrayPod();
  private HostileApi api;
  private KubernetesClient client;
  private Pod pod;

  @BeforeEach
  void cluster() throws IOException {
    api = new HostileApi();
    pod = pod(0);
    api.put(pod).when(".* /api/v1/namespaces/s/pods/w1:8000/proxy/.*", worker);
    client = ListWatchTest.client(api, Duration.ofSeconds(20));
  }

  @AfterEach
  void close() throws IOException {
    worker.close();
    client.close();
    api.close();
  }

  private static Pod pod(int restarts) {
    return Serialization.unmarshal(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: w1, namespace: s, uid: u}
        spec: {nodeName: n1, containers: [{name: c, ports: [{containerPort: 8000}]}]}
        status: {containerStatuses: [{name: c, restartCount: %d, state: {running: {}}}]}
        """
            .formatted(restarts),
        Pod.class);
  }

  private LlmDegraded effect(LlmFailure failure) {
    return new LlmDegraded(
        client,
        pod,
        new LlmFault(failure, 40, 5, "faults", null),
        "run fault-1",
        "deepseek-v4-pro",
        SHORT);
  }

  @ParameterizedTest
  @EnumSource
  void eachIsSeenWhileItLastsAndNoLonger(LlmFailure failure) throws InterruptedException {
    worker.stepMillis = failure == LlmFailure.SLOW_DECODE ? 20 : 8; // no stall is as long as 40
    LlmDegraded effect = effect(failure);
    assertThat(effect.before()).isEmpty();
    assertThat(effect.seen()).as("nothing was done").isEmpty();
    worker.fail(failure, 40, 5);
    await() // a machine that stands still is slow for a look
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(effect.seen()).as(effect.unseen()).isPresent());
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(effect.again()).isInstanceOf(Effect.Lasts.class));
    worker.fail(null, 0, 0);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(effect.again())
                .isInstanceOf(
                    failure == LlmFailure.SLOW_LOAD ? Effect.Spent.class : Effect.Over.class));
  }

  @Test
  void aPodThatIsBusyWithOthersIsNotStuck() throws InterruptedException {
    LlmDegraded effect = effect(LlmFailure.STUCK_DECODE);
    assertThat(effect.before()).isEmpty();
    worker.full = true;
    assertThat(effect.seen()).isEmpty();
    assertThat(effect.unseen()).contains("/health_generate says HTTP 200");
  }

  @Test
  void evidenceSaysFromWhichTokenOnAnAnswerIsAnother() throws InterruptedException {
    LlmDegraded effect = effect(LlmFailure.FOREIGN_CACHE);
    effect.before();
    worker.fail(LlmFailure.FOREIGN_CACHE, 0, 5);
    Map<String, String> foreign = effect.seen().orElseThrow();
    assertThat(foreign.get("answer"))
        .startsWith("differs from that before the fault from token 6 on: \"46.")
        .contains(" instead of \"6.");
    assertThat(foreign).containsEntry("tokens", "12 of the 12 from there on are others");
    worker.fail(LlmFailure.CORRUPT_TOKENS, 0, 5);
    assertThat(effect.seen().orElseThrow())
        .containsEntry("tokens", "4 of the 10 from there on are others");
  }

  @Test
  void aPodThatIsNotWellBeforeProvesNothing() throws InterruptedException {
    worker.fail(LlmFailure.SLOW_LOAD, 0, 0);
    assertThat(effect(LlmFailure.RESET).before().orElseThrow())
        .contains("pod/s/w1 is not well before the fault: /health says HTTP 503", "loading");
    worker.fail(LlmFailure.TRUNCATION, 0, 5);
    assertThat(effect(LlmFailure.RESET).before().orElseThrow())
        .endsWith("it answers with 5 tokens, then the end, no finish_reason, no [DONE]");
    worker.fail(null, 0, 0);
    worker.busy = 503;
    assertThat(effect(LlmFailure.RESET).before().orElseThrow())
        .endsWith("it answers with HTTP 503: the engine is broken");
  }

  @Test
  void anAnswerThatIsNeverTheSameCanNotBeToldFromAWrongOne() throws InterruptedException {
    worker.moody = true;
    assertThat(effect(LlmFailure.CORRUPT_TOKENS).before().orElseThrow())
        .contains("twice otherwise");
    assertThat(effect(LlmFailure.TRUNCATION).before()).isEmpty();
  }

  @Test
  void aCacheThatNeverHelpedCanNotBeSeenToBeLost() throws InterruptedException {
    worker.fail(LlmFailure.CACHE_LOST, 0, 0);
    assertThat(effect(LlmFailure.CACHE_LOST).before().orElseThrow())
        .endsWith("nothing of an equal prompt came from its prefix cache");
  }

  /** It may refuse, and that is no gray failure, and not its end either. */
  @ParameterizedTest
  @EnumSource
  void aPodThatIsBusyOrSilentShowsNothing(LlmFailure failure) throws InterruptedException {
    LlmDegraded effect = effect(failure);
    effect.before();
    worker.busy = 503;
    assertThat(effect.seen()).isEmpty();
    api.when(
        ".*/proxy/.*",
        HostileApi.fails(503, "error trying to reach service: dial tcp 10.0.0.1:8000: refused"));
    assertThat(effect.seen()).isEmpty();
    assertThat(effect.again()).isInstanceOf(Effect.Untold.class);
    assertThat(effect.unseen()).contains("pod/s/w1 shows no " + failure.word());
  }

  @Test
  void withItsProcessTheFailureIsGone() throws InterruptedException {
    LlmDegraded effect = effect(LlmFailure.STUCK_DECODE);
    effect.before();
    worker.fail(LlmFailure.STUCK_DECODE, 0, 0);
    api.put(pod(1));
    assertThat(effect.again()).isInstanceOf(Effect.Spent.class);
    assertThat(effect.seen()).isEmpty();
    api.remove(pod);
    assertThat(effect.again()).isInstanceOf(Effect.Spent.class);
    assertThat(effect.unseen()).contains("started anew");
  }
}
