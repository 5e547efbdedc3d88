package dev.muster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {
  @TempDir Path folder;

  @Test
  void certificatesAreSignedByTheLabsOwnAuthorityAndNameTheirServer() throws Exception {
    Pki pki = new Pki(folder);
    pki.authority();
    pki.certificate("api", "/CN=kube-apiserver", "IP:10.240.0.2,DNS:kubernetes");
    X509Certificate api = certificate(pki.certificate("api"));
    api.verify(certificate(pki.certificate("ca")).getPublicKey());
    assertThat(api.getSubjectX500Principal().getName()).isEqualTo("CN=kube-apiserver");
    assertThat(api.getSubjectAlternativeNames())
        .extracting(n -> String.valueOf(n.get(1)))
        .containsExactlyInAnyOrder("10.240.0.2", "kubernetes");
    assertThat(api.getBasicConstraints()).as("no authority itself").isEqualTo(-1);
  }

  @Test
  void onlyTheOwnerReadsAKubeconfig() throws Exception {
    Pki pki = new Pki(folder);
    pki.authority();
    pki.certificate("admin", "/O=system:masters/CN=admin", "");
    Path config = pki.kubeconfig("admin", "https://10.240.0.2:6443");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(config))
        .contains("https://10.240.0.2:6443")
        .contains("name: muster.dev/lab"); // by which KubeContext knows a lab
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
