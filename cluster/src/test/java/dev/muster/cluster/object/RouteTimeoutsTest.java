package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.List;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient
class RouteTimeoutsTest {
  private static final String INGRESSES = "/apis/networking.k8s.io/v1/namespaces/s/ingresses";
  private static final String CONTOUR = "/apis/projectcontour.io/v1";

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesClient client;

  @SuppressWarnings("NullAway.Init") // set by the extension
  KubernetesMockServer server;

  @Test
  void whatBoundsAWholeAnswerIsTold() {
    mayLook(true);
    answer(
        INGRESSES,
        200,
        """
        {"apiVersion": "networking.k8s.io/v1", "kind": "IngressList", "items": [
          {"metadata": {"name": "plain", "namespace": "s"}},
          {"metadata": {"name": "bound", "namespace": "s", "annotations": {
            "projectcontour.io/response-timeout": "30s",
            "nginx.ingress.kubernetes.io/proxy-read-timeout": "60"}}}]}
        """);
    answer(
        CONTOUR,
        200,
        """
        {"kind": "APIResourceList", "groupVersion": "projectcontour.io/v1", "resources": [
          {"name": "httpproxies", "singularName": "httpproxy", "namespaced": true,
           "kind": "HTTPProxy", "verbs": ["list"]}]}
        """);
    answer(
        CONTOUR + "/namespaces/s/httpproxies",
        200,
        """
        {"apiVersion": "projectcontour.io/v1", "kind": "HTTPProxyList", "items": [
          {"apiVersion": "projectcontour.io/v1", "kind": "HTTPProxy",
           "metadata": {"name": "llm", "namespace": "s"},
           "spec": {"routes": [
             {"timeoutPolicy": {"response": "15s", "idle": "5s"}},
             {"timeoutPolicy": {"idle": "5s"}},
             {"services": []}]}}]}
        """);

    assertThat(told())
        .containsExactly(
            "projectcontour.io/response-timeout 30s Ingress/s/bound",
            "timeoutPolicy.response 15s HTTPProxy/s/llm");
  }

  @Test
  void whereThereAreNoSuchRoutesNothingIsTold() {
    mayLook(true);
    answer(INGRESSES, 403, "{\"kind\": \"Status\", \"code\": 403}");
    answer(CONTOUR, 404, "{\"kind\": \"Status\", \"code\": 404}");

    assertThat(told()).isEmpty();
  }

  /** A request that no role permits is in the audit log of somebody's cluster. */
  @Test
  void whoMayNotLookDoesNotAsk() {
    mayLook(false);

    int before = server.getRequestCount();
    assertThat(told()).isEmpty();
    assertThat(server.getRequestCount() - before).as("the two reviews").isEqualTo(2);
  }

  private void mayLook(boolean allowed) {
    server
        .expect()
        .post()
        .withPath("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews")
        .andReturn(
            201,
            "{\"apiVersion\": \"authorization.k8s.io/v1\", \"kind\": \"SelfSubjectAccessReview\","
                + " \"status\": {\"allowed\": "
                + allowed
                + "}}")
        .always();
  }

  private void answer(String path, int status, String body) {
    server.expect().get().withPath(path).andReturn(status, body).always();
  }

  private List<String> told() {
    return RouteTimeouts.of(client, "s").stream()
        .map(t -> t.setting() + " " + t.value() + " " + t.route().path())
        .toList();
  }
}
