package dev.muster.cluster.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class ExecProgramTest {
  private static final String GOOD =
      "echo '{\"kind\": \"ExecCredential\", \"status\": {\"token\": \"t\"}}'";

  @TempDir Path folder;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  /** Of a kubeconfig whose user has such a program. */
  private ExecProgram program(String script, String more) throws IOException {
    Path program = Files.writeString(folder.resolve("plugin"), "#!/bin/sh\n" + script + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path file =
        Files.writeString(
            folder.resolve("k"),
            """
            current-context: c
            contexts: [{name: c, context: {cluster: k, user: u}}]
            clusters:
            - name: k
              cluster:
                server: "https://10.0.0.1:6443"
                extensions: [{name: client.authentication.k8s.io/exec, extension: {a: 1}}]
            users: [{name: u, user: {exec: {command: ./plugin%s}}}]
            """
                .formatted(more));
    return Objects.requireNonNull(KubeContext.read(file, null).program());
  }

  private ExecProgram.Credential ask(String script, String more) throws IOException {
    return program(script, more)
        .ask(Duration.ofSeconds(10), new PrintStream(errors, true, StandardCharsets.UTF_8));
  }

  private String said() {
    return errors.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatItWarnsOfIsPassedOnAndWhatItPrintsIsRead() throws IOException {
    assertThat(ask("echo 'a newer version is there' >&2; " + GOOD, "").token()).isEqualTo("t");
    assertThat(said()).isEqualTo("a newer version is there\n");
  }

  @Test
  void itIsToldWhatItsClusterIsAndThatNobodyCanBeAsked() throws IOException {
    String script = "printf %s \"$KUBERNETES_EXEC_INFO\" >\"$0.info\"; " + GOOD;
    ask(script, ", apiVersion: client.authentication.k8s.io/v1beta1, provideClusterInfo: true");
    var info = JsonMapper.shared().readTree(Files.readString(folder.resolve("plugin.info")));
    assertThat(info.path("apiVersion").asString())
        .isEqualTo("client.authentication.k8s.io/v1beta1");
    assertThat(info.path("kind").asString()).isEqualTo("ExecCredential");
    assertThat(info.at("/spec/interactive").asBoolean(true)).isFalse();
    assertThat(info.at("/spec/cluster/server").asString()).isEqualTo("https://10.0.0.1:6443");
    assertThat(info.at("/spec/cluster/config/a").asInt()).isEqualTo(1);
    ask(script, "");
    assertThat(Files.readString(folder.resolve("plugin.info"))).doesNotContain("10.0.0.1");
  }

  @Test
  void itHasItsVariablesBesideOurs() throws IOException {
    String script =
        "echo '{\"kind\": \"ExecCredential\", \"status\": {\"token\": \"'$PROFILE-${PATH:+path}'\"}}'";
    assertThat(ask(script, ", env: [{name: PROFILE, value: ops}]").token()).isEqualTo("ops-path");
  }

  @Test
  void aCertificateAndWhenItEnds() throws IOException {
    var given =
        ask(
            "echo '{\"kind\": \"ExecCredential\", \"status\": {\"clientCertificateData\": \"C\","
                + " \"clientKeyData\": \"K\", \"expirationTimestamp\": \"2026-01-02T03:04:05+01:00\"}}'",
            "");
    assertThat(given.certificate()).isEqualTo("C");
    assertThat(given.key()).isEqualTo("K");
    assertThat(given.until()).isEqualTo(Instant.parse("2026-01-02T02:04:05Z"));
    assertThat(given.toString()).doesNotContain("K").doesNotContain("C");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          echo 'login first' >&2; exit 3              | ended with exit code 3; it says: login first
          exit 1                                      | ended with exit code 1; run it by hand to see why
          echo hello                                  | gave no credentials: what it printed is not JSON
          echo '{}'                                   | gave no credentials: what it printed is no ExecCredential
          echo '[1]'                                  | gave no credentials: what it printed is no ExecCredential
          echo '{"kind": "ExecCredential"}'           | gave no credentials: no token and no certificate
          echo '{"kind": "ExecCredential", "status": {"clientKeyData": "k", "token": "t"}}' | gave a certificate or a key without the other
          echo '{"kind": "ExecCredential", "status": {"token": "t", "expirationTimestamp": "soon"}}' | gave an expirationTimestamp that is no time
          read a; echo "asked: $a" >&2; exit 4        | ended with exit code 4; it says: asked:
          """)
  void itsOwnWordsAreShownWhereItFails(String script, String why) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> ask(script, ""))
        .withMessageStartingWith(folder.resolve("k") + ": the program ./plugin of user u " + why);
  }

  @Test
  void oneThatDoesNotEndIsEnded() throws IOException {
    var program = program("echo waiting >&2; sleep 600 & wait", "");
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> program.ask(Duration.ofMillis(700), new PrintStream(errors, true)))
        .withMessageContaining("gave no credentials within 0 s; it says: waiting");
  }

  @Test
  void theWayToGetItIsToldWhereItIsMissing() {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> program(GOOD, "x, installHint: 'install plugin by hand'"))
        .withMessageEndingWith("which is not there to be run; install plugin by hand");
  }

  @Test
  void aTokenIsAskedForAnewBeforeItEnds() {
    var now = new AtomicReference<>(Instant.parse("2026-01-02T03:00:00Z"));
    var next = new ArrayDeque<>(List.of(until("b", null), until("c", null)));
    var token = new ExecToken(until("a", now.get().plusSeconds(300)), next::removeFirst, now::get);
    assertThat(token.getToken()).isEqualTo("a");
    now.set(now.get().plusSeconds(239));
    assertThat(token.getToken()).isEqualTo("a");
    now.set(now.get().plusSeconds(1));
    assertThat(token.getToken()).isEqualTo("b");
    assertThat(token.getToken()).isEqualTo("b");
    now.set(now.get().plusSeconds(600));
    assertThat(token.getToken()).isEqualTo("c");
  }

  private static ExecProgram.Credential until(
      String token, @org.jspecify.annotations.Nullable Instant until) {
    return new ExecProgram.Credential(token, null, null, until);
  }
}
