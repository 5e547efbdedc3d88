package dev.muster.lab.node;

import dev.muster.lab.host.LabException;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** The lab's certificates, one per component, with keys on curve P-256. */
public record Pki(Path folder) {
  private static final Duration VALID = Duration.ofDays(30);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Says whose cluster it is to dev.muster.cluster, which then asks no proxy for it. */
  private static final String LAB =
      "extensions: [{name: muster.dev/lab, extension: {proxy: none}}]";

  public void authority() {
    try {
      Files.createDirectories(folder);
      X500Name name = new X500Name("CN=muster-lab");
      KeyPair keys = keys();
      X509v3CertificateBuilder certificate = builder(name, name, keys);
      certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      certificate.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      write("ca", certificate, keys, keys.getPrivate());
      KeyPair accounts = keys();
      secret(key("sa"), traditional(accounts));
      Files.writeString(folder.resolve("sa.pub"), pem(accounts.getPublic()));
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new LabException("can not make certificates in " + folder + ": " + e.getMessage());
    }
  }

  /**
   * @param subject like {@code O=system:masters,CN=admin}
   * @param names subjectAltName, like {@code IP:10.0.0.1,DNS:kubernetes}; empty for a client
   */
  public void certificate(String file, String subject, String names) {
    try {
      var authority = read(certificate("ca"), X509CertificateHolder.class);
      KeyPair keys = keys();
      X509v3CertificateBuilder certificate =
          builder(authority.getSubject(), new X500Name(subject), keys);
      certificate.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority));
      certificate.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      certificate.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth, KeyPurposeId.id_kp_serverAuth}));
      if (!names.isEmpty()) {
        certificate.addExtension(Extension.subjectAlternativeName, false, alternative(names));
      }
      write(file, certificate, keys, authoritysKey());
    } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
      throw new LabException("can not make certificates in " + folder + ": " + e.getMessage());
    }
  }

  public Path certificate(String file) {
    return folder.resolve(file + ".crt");
  }

  public Path key(String file) {
    return folder.resolve(file + ".key");
  }

  /** A kubeconfig for the holder of a certificate, with everything inside. */
  public Path kubeconfig(String file, String server) {
    try {
      String text =
          """
          apiVersion: v1
          kind: Config
          clusters: [{name: muster, cluster: {server: "%s", certificate-authority-data: %s, %s}}]
          users: [{name: %s, user: {client-certificate-data: %s, client-key-data: %s}}]
          contexts: [{name: muster, context: {cluster: muster, user: %s}}]
          current-context: muster
          """
              .formatted(
                  server,
                  base64(certificate("ca")),
                  LAB,
                  file,
                  base64(certificate(file)),
                  base64(key(file)),
                  file);
      Path config = folder.resolve(file + ".conf");
      secret(config, text);
      return config;
    } catch (IOException e) {
      throw new LabException("can not write a kubeconfig in " + folder + ": " + e.getMessage());
    }
  }

  private static KeyPair keys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  @SuppressWarnings("JavaUtilDate") // what the builder takes
  private static X509v3CertificateBuilder builder(X500Name issuer, X500Name subject, KeyPair keys)
      throws IOException, GeneralSecurityException {
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(159, RANDOM),
            Date.from(now),
            Date.from(now.plus(VALID)),
            subject,
            keys.getPublic());
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
    return builder;
  }

  private static GeneralNames alternative(String names) {
    return new GeneralNames(
        Arrays.stream(names.split(",", -1))
            .map(each -> each.split(":", 2))
            .map(each ->
                new GeneralName(
                    each[0].equals("IP") ? GeneralName.iPAddress : GeneralName.dNSName, each[1]))
            .toArray(GeneralName[]::new));
  }

  private void write(
      String file, X509v3CertificateBuilder certificate, KeyPair keys, PrivateKey issuers)
      throws IOException, OperatorCreationException {
    var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(issuers);
    Files.writeString(certificate(file), pem(certificate.build(signer)));
    secret(key(file), traditional(keys));
  }

  private PrivateKey authoritysKey() throws IOException, GeneralSecurityException {
    var info = read(key("ca"), PEMKeyPair.class).getPrivateKeyInfo();
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
  }

  /** As "EC PRIVATE KEY": what kubeconfigs of other distributions hold and all clients read. */
  private static String traditional(KeyPair keys) throws IOException {
    var point = SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()).getPublicKeyData();
    var secret = ((java.security.interfaces.ECPrivateKey) keys.getPrivate()).getS();
    var key = new ECPrivateKey(256, secret, point, SECObjectIdentifiers.secp256r1);
    return pem(new PemObject("EC PRIVATE KEY", key.getEncoded()));
  }

  private static String pem(Object what) throws IOException {
    var text = new StringWriter();
    try (var writer = new JcaPEMWriter(text)) {
      writer.writeObject(what);
    }
    return text.toString();
  }

  private static <T> T read(Path file, Class<T> type) throws IOException {
    try (var parser = new PEMParser(Files.newBufferedReader(file))) {
      return type.cast(parser.readObject());
    }
  }

  /** For its owner alone, from the first byte on. */
  private static void secret(Path file, String text) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  private static String base64(Path file) throws IOException {
    return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
  }
}
