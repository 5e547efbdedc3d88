package dev.muster.agent.pod;

import dev.muster.agent.node.FaultException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The namespace of this pod, by the API server and with the pod's service account.
 *
 * @param account folder with the account's token, which is read anew each time since it changes
 */
public record OwnNamespace(HttpClient http, URI uri, Path account)
    implements Reaper.Namespace, AutoCloseable {
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int GONE = 404;

  /** It is being deleted already. */
  private static final int CONFLICT = 409;

  /**
   * @throws FaultException outside of a pod, or in one without a service account
   */
  public static OwnNamespace of(String name) {
    String host = System.getenv("KUBERNETES_SERVICE_HOST");
    String port = System.getenv("KUBERNETES_SERVICE_PORT");
    if (host == null || port == null) {
      throw new FaultException("no KUBERNETES_SERVICE_HOST: this is no pod of Kubernetes");
    }
    String address = host.contains(":") ? "[" + host + "]" : host;
    URI uri = URI.create("https://" + address + ":" + port + "/api/v1/namespaces/" + name);
    HttpClient http =
        HttpClient.newBuilder().sslContext(trusting(ACCOUNT)).connectTimeout(PATIENCE).build();
    return new OwnNamespace(http, uri, ACCOUNT);
  }

  private static SSLContext trusting(Path account) {
    try (InputStream authorities = Files.newInputStream(account.resolve("ca.crt"))) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (var authority :
          CertificateFactory.getInstance("X.509").generateCertificates(authorities)) {
        store.setCertificateEntry("authority-" + ++number, authority);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new FaultException("no service account in " + account + ": " + e.getMessage());
    }
  }

  @Override
  public String read() throws IOException, InterruptedException {
    HttpResponse<String> answer = answer(request().GET());
    if (answer.statusCode() != 200) {
      throw refused(answer);
    }
    return answer.body();
  }

  @Override
  public void delete() throws IOException, InterruptedException {
    HttpResponse<String> answer = answer(request().DELETE());
    int status = answer.statusCode();
    if (status / 100 != 2 && status != GONE && status != CONFLICT) {
      throw refused(answer);
    }
  }

  private HttpRequest.Builder request() throws IOException {
    return HttpRequest.newBuilder(uri)
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + Files.readString(account.resolve("token")).strip());
  }

  private HttpResponse<String> answer(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static IOException refused(HttpResponse<String> answer) {
    return new IOException(
        "the API server answers " + answer.statusCode() + ": " + answer.body().strip());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
