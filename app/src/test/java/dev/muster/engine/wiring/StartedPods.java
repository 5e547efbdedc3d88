package dev.muster.engine.wiring;

import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.Dispatcher;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Objects, and a kubelet that starts what is created and ends what is evicted. */
final class StartedPods extends Dispatcher {
  private static final String STATUS =
      ",\"status\": {\"phase\": \"Running\", \"conditions\": [{\"type\": \"Ready\", \"status\":"
          + " \"True\"}], \"containerStatuses\": [{\"name\": \"agent\", \"state\": {\"running\":"
          + " {}}}]}}";

  private final Dispatcher objects = new KubernetesCrudDispatcher();

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String path = Objects.requireNonNull(request.getPath());
    if (path.contains("fieldSelector=spec.nodeName")) { // which the mock does not know
      return objects.dispatch(with(request, path.replaceAll("\\?.*", ""), new byte[0]));
    }
    if (path.endsWith("/eviction")) {
      return objects.dispatch(
          new RecordedRequest(
              request.getHttpVersion(),
              HttpMethod.DELETE,
              path.replaceAll("/eviction$", ""),
              request.getHeaders(),
              new Buffer(new byte[0])));
    }
    if (!"POST".equals(request.getMethod()) || !path.endsWith("/pods")) {
      return objects.dispatch(request);
    }
    String body = request.getUtf8Body(); // can be read once
    String started =
        body.contains("\"status\"") ? body : body.replaceAll("}\\s*$", "").concat(STATUS);
    return objects.dispatch(with(request, path, started.getBytes(StandardCharsets.UTF_8)));
  }

  private static RecordedRequest with(RecordedRequest request, String path, byte[] body) {
    return new RecordedRequest(
        request.getHttpVersion(), request.method(), path, request.getHeaders(), new Buffer(body));
  }
}
