package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class UnreadyTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  private void answer(int code, String text) {
    server
        .expect()
        .get()
        .withPath("/api/v1/namespaces/n/pods?limit=500")
        .andReturn(code, text)
        .once();
  }

  @Test
  void whoeverHoldsAPodUpIsHeard() {
    answer(
        200,
        """
        {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [
         {"metadata": {"name": "full"}, "status": {"phase": "Pending", "conditions": [
           {"type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": "0/3 nodes are available: 3 Insufficient cpu."}]}},
         {"metadata": {"name": "image"}, "status": {"phase": "Pending", "containerStatuses": [
           {"name": "c", "state": {"waiting": {"reason": "ErrImagePull", "message": "not found"}}}]}},
         {"metadata": {"name": "first"}, "status": {"phase": "Pending",
          "initContainerStatuses": [{"name": "i", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}],
          "containerStatuses": [{"name": "c", "state": {"waiting": {"reason": "PodInitializing"}}}]}},
         {"metadata": {"name": "slow"}, "status": {"phase": "Running", "conditions": [
           {"type": "Ready", "status": "False"}]}},
         {"metadata": {"name": "odd"}},
         {"metadata": {"name": "done"}, "status": {"phase": "Succeeded"}},
         {"metadata": {"name": "well"}, "status": {"phase": "Running", "conditions": [
           {"type": "Ready", "status": "True"}]}}]}
        """);
    assertThat(Unready.pods(client, "n"))
        .containsExactly(
            "full: Pending Unschedulable, 0/3 nodes are available: 3 Insufficient cpu.",
            "image: Pending ErrImagePull, not found",
            "first: Pending CrashLoopBackOff",
            "slow: Running",
            "odd: Pending");
  }

  @Test
  void podsThatCannotBeListedAreNoSecondTrouble() {
    answer(403, "{}");
    assertThat(Unready.pods(client, "n")).isEmpty();
  }
}
