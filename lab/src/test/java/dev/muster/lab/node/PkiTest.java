package dev.muster.lab.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PkiTest {
  @TempDir Path folder;

  @Test
  void certificatesAreSignedByTheLabsOwnAuthorityAndNameTheirServer() throws Exception {
    Pki pki = new Pki(folder);
    pki.authority();
    pki.certificate("api", "CN=kube-apiserver", "IP:10.240.0.2,DNS:kubernetes");
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
    pki.certificate("admin", "O=system:masters,CN=admin", "");
    Path config = pki.kubeconfig("admin", "https://10.240.0.2:6443");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(config)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(config))
        .contains("https://10.240.0.2:6443")
        .contains("name: muster.dev/lab"); // by which KubeContext knows a lab
  }

  /** Kubernetes takes the group from O and the user from CN. */
  @Test
  void aClientsCertificateNamesGroupAndUserAndHasNoNamesOfAServer() throws Exception {
    Pki pki = new Pki(folder);
    pki.authority();
    pki.certificate("n1", "O=system:nodes,CN=system:node:n1", "");
    X509Certificate client = certificate(pki.certificate("n1"));
    assertThat(client.getSubjectX500Principal().getName("RFC2253"))
        .isEqualTo("CN=system:node:n1,O=system:nodes");
    assertThat(client.getSubjectAlternativeNames()).isNull();
    assertThat(client.getExtendedKeyUsage())
        .containsExactlyInAnyOrder("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(certificate(pki.certificate("ca")).getBasicConstraints()).isNotNegative();
  }

  @Test
  void aKeyIsItsCertificatesNamesItsCurveAndIsReadByItsOwnerAlone() throws Exception {
    Pki pki = new Pki(folder);
    pki.authority();
    pki.certificate("api", "CN=kube-apiserver", "DNS:kubernetes");
    for (String file : List.of("ca", "api", "sa")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pki.key(file))))
          .isEqualTo("rw-------");
      assertThat(Files.readString(pki.key(file))).startsWith("-----BEGIN EC PRIVATE KEY-----");
    }
    try (var parser = new PEMParser(Files.newBufferedReader(pki.key("api")))) {
      var keys = (PEMKeyPair) parser.readObject();
      assertThat(keys.getPublicKeyInfo().getEncoded())
          .isEqualTo(certificate(pki.certificate("api")).getPublicKey().getEncoded());
      // Go's clients look for the curve in there
      assertThat(keys.getPrivateKeyInfo().getPrivateKeyAlgorithm().getParameters())
          .isEqualTo(SECObjectIdentifiers.secp256r1);
    }
    assertThat(folder.resolve("sa.pub")).content().startsWith("-----BEGIN PUBLIC KEY-----");
  }

  private static X509Certificate certificate(Path file) throws Exception {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
