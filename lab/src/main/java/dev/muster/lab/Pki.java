package dev.muster.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** The lab's certificates, one per component, made by openssl with keys on curve P-256. */
record Pki(Path folder) {
  private static final String DAYS = "30";

  /** Says whose cluster it is to dev.muster.cluster, which then asks no proxy for it. */
  private static final String LAB =
      "extensions: [{name: muster.dev/lab, extension: {proxy: none}}]";

  void authority() {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("openssl.cnf"), "[req]\ndistinguished_name=dn\n[dn]\n");
    } catch (IOException e) {
      throw new LabException("can not write " + folder + ": " + e.getMessage());
    }
    List<String> command = request("ca", "/CN=muster-lab");
    command.addAll(
        List.of(
            "-addext", "basicConstraints=critical,CA:TRUE",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign"));
    Command.run(command);
    Command.run(
        "openssl",
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        key("sa").toString());
    Command.run(
        "openssl",
        "pkey",
        "-in",
        key("sa").toString(),
        "-pubout",
        "-out",
        folder.resolve("sa.pub").toString());
  }

  /**
   * @param names subjectAltName, like {@code IP:10.0.0.1,DNS:kubernetes}; empty for a client
   */
  void certificate(String file, String subject, String names) {
    List<String> command = request(file, subject);
    command.addAll(List.of("-CA", certificate("ca").toString(), "-CAkey", key("ca").toString()));
    command.addAll(List.of("-addext", "basicConstraints=critical,CA:FALSE"));
    command.addAll(List.of("-addext", "extendedKeyUsage=clientAuth,serverAuth"));
    if (!names.isEmpty()) {
      command.addAll(List.of("-addext", "subjectAltName=" + names));
    }
    Command.run(command);
  }

  Path certificate(String file) {
    return folder.resolve(file + ".crt");
  }

  Path key(String file) {
    return folder.resolve(file + ".key");
  }

  /** A kubeconfig for the holder of a certificate, with everything inside. */
  Path kubeconfig(String file, String server) {
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
                base64(traditional(file)),
                file);
    try {
      Path config = folder.resolve(file + ".conf");
      Files.writeString(config, text);
      Files.setPosixFilePermissions(
          config, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
      return config;
    } catch (IOException e) {
      throw new LabException("can not write a kubeconfig in " + folder + ": " + e.getMessage());
    }
  }

  /** As "EC PRIVATE KEY": what kubeconfigs of other distributions hold and all clients read. */
  private String traditional(String file) {
    return Command.run("openssl", "pkey", "-in", key(file).toString(), "-traditional");
  }

  private List<String> request(String file, String subject) {
    return new ArrayList<>(
        List.of(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            DAYS,
            "-config",
            folder.resolve("openssl.cnf").toString(),
            "-subj",
            subject,
            "-keyout",
            key(file).toString(),
            "-out",
            certificate(file).toString()));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String base64(Path file) {
    try {
      return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new LabException("can not read " + file + ": " + e.getMessage());
    }
  }
}
