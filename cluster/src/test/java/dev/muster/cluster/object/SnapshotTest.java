package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class SnapshotTest {
  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @Test
  void aPodIsAReplicaOfItsDeploymentAndLookingAgainIsCheap() {
    var deployment =
        client
            .resource(
                Serialization.unmarshal(
                    """
                    metadata: {name: worker, namespace: s}
                    spec: {replicas: 3}
                    """,
                    Deployment.class))
            .create();
    var set =
        client
            .resource(
                Serialization.unmarshal(
                    """
                    metadata:
                      name: worker-5f
                      namespace: s
                      ownerReferences: [{kind: Deployment, name: worker, uid: %s}]
                    spec: {replicas: 3}
                    """
                        .formatted(deployment.getMetadata().getUid()),
                    ReplicaSet.class))
            .create();
    client
        .resource(
            Serialization.unmarshal(
                """
                metadata:
                  name: worker-5f-x
                  namespace: s
                  ownerReferences: [{kind: ReplicaSet, name: worker-5f, uid: %s, controller: true}]
                spec: {nodeName: node-1}
                """
                    .formatted(set.getMetadata().getUid()),
                Pod.class))
        .create();
    Snapshot snapshot = Snapshot.read(client);
    assertThat(snapshot.workload(snapshot.pods().getFirst()))
        .contains(new Snapshot.Workload("Deployment", "s", "worker", 3));
    int before = server.getRequestCount();
    assertThat(snapshot.again(client)).isEqualTo(snapshot);
    assertThat(server.getRequestCount() - before).isEqualTo(2);
  }
}
