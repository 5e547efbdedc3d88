package dev.muster.load.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.drill.LoadRequest.Tls;
import dev.muster.load.http.Certificates;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsFilesTest {
  @TempDir private Path folder;
  private Certificates server;
  private String ca;

  @BeforeEach
  void makeCertificates() throws Exception {
    server = Certificates.of(Files.createDirectory(folder.resolve("server")), "dns:localhost");
    ca = pem("ca.pem", "CERTIFICATE", server.store().getCertificate("server").getEncoded());
  }

  private String pem(String name, String kind, byte[] bytes) throws Exception {
    var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    var file = folder.resolve(name);
    Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    return file.toString();
  }

  /** The name in the certificate that the client showed; null if it showed none. */
  private @Nullable String handshake(SSLContext client, @Nullable SSLContext demanding)
      throws Exception {
    var context = demanding == null ? server.server() : demanding;
    try (var listening =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setNeedClientAuth(demanding != null);
      var shown = new CompletableFuture<@Nullable String>();
      Thread.startVirtualThread(() -> {
        try (var socket = (SSLSocket) listening.accept()) {
          socket.startHandshake();
          shown.complete(
              demanding == null
                  ? null
                  : ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                      .getSubjectX500Principal()
                      .getName());
        } catch (java.io.IOException e) {
          shown.completeExceptionally(e);
        }
      });
      try (var socket =
          (SSLSocket)
              client.getSocketFactory().createSocket("127.0.0.1", listening.getLocalPort())) {
        socket.startHandshake();
        return shown.get();
      }
    }
  }

  @Test
  void aPrivateAuthorityIsTrustedWhereItsFileIsNamed() throws Exception {
    assertThat(handshake(TlsFiles.context(new Tls(ca, null, null, false)), null)).isNull();
    assertThatThrownBy(() -> handshake(TlsFiles.context(null), null))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void anybodyIsTrustedWhereTheDrillSaysSo() throws Exception {
    assertThat(handshake(TlsFiles.context(new Tls(null, null, null, true)), null)).isNull();
  }

  @Test
  void theClientShowsItsCertificate() throws Exception {
    var own = Certificates.of(Files.createDirectory(folder.resolve("client")), "dns:client");
    var certificate =
        pem("client.pem", "CERTIFICATE", own.store().getCertificate("server").getEncoded());
    var key =
        pem(
            "key.pem",
            "PRIVATE KEY",
            own.store().getKey("server", "password".toCharArray()).getEncoded());
    var demanding = server.serverTrusting(own);
    assertThat(handshake(TlsFiles.context(new Tls(ca, certificate, key, false)), demanding))
        .isEqualTo("CN=server");
    assertThatThrownBy(() -> handshake(TlsFiles.context(new Tls(ca, null, null, false)), demanding))
        .isInstanceOf(Exception.class);
  }

  @Test
  void aFileThatCanNotBeUsedIsNamed() throws Exception {
    var missing = folder.resolve("missing.pem").toString();
    assertThatThrownBy(() -> TlsFiles.context(new Tls(missing, null, null, false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(missing + " can not be read");
    var text = Files.writeString(folder.resolve("text"), "hello").toString();
    assertThatThrownBy(() -> TlsFiles.context(new Tls(text, null, null, false)))
        .hasMessageContaining(text + " has no certificate");
    assertThatThrownBy(() -> TlsFiles.context(new Tls(ca, ca, text, false)))
        .hasMessageContaining("PKCS#8")
        .hasMessageContaining("openssl pkcs8");
  }
}
