package dev.muster.cluster.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeContextTest {
  private static final String SERVER = "server: 'https://10.0.0.1:6443'";

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void files() throws IOException {
    file = folder.resolve("k");
    Files.writeString(folder.resolve("cert"), "-----BEGIN CERTIFICATE-----\n");
    Files.writeString(folder.resolve("key"), "-----BEGIN EC PRIVATE KEY-----\n");
    Files.writeString(folder.resolve("plain"), "abc\n");
  }

  /** Of a kubeconfig with these insides. */
  private KubeContext read(String cluster, String user) throws IOException {
    Files.writeString(
        file,
        """
        current-context: c
        contexts:
        - {name: c, context: {cluster: k, user: u}}
        - {name: lost, context: {cluster: gone, user: u}}
        - {name: nobody, context: {cluster: k}}
        - {name: somebody, context: {cluster: k, user: gone}}
        - {name: nowhere}
        clusters: [{name: k, cluster: {%s}}]
        users: [{name: u, user: {%s}}]
        """
            .formatted(cluster, user));
    return KubeContext.read(file, null);
  }

  private void refused(String cluster, String user, String message) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> read(cluster, user))
        .withMessage(file + ": " + message);
  }

  @Test
  void allThatItNamesIsThere() throws IOException {
    KubeContext context =
        read(
            SERVER + ", certificate-authority: cert",
            "client-certificate: cert, client-key: key, tokenFile: plain, exec: {command: sh}");
    assertThat(context.name()).isEqualTo("c");
    assertThat(context.server()).isEqualTo("https://10.0.0.1:6443");
    assertThat(context.user()).isEqualTo("u");
    assertThat(Objects.requireNonNull(context.program()).command()).containsExactly("sh");
    assertThat(context.tokenFile()).isEqualTo(folder.resolve("plain"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          proxy-url: 'http://proxy:3128'  |                            | proxy-url of cluster k is not honoured
          proxy-url: socks5://proxy       |                            | proxy-url of cluster k is not honoured
          tls-server-name: other          |                            | tls-server-name of cluster k is not honoured
          x: y                            | as: admin                  | as of user u is not honoured
          x: y                            | as-groups: [a]             | as-groups of user u is not honoured
          x: y                            | as-uid: 7                  | as-uid of user u is not honoured
          x: y                            | as-user-extra: {a: [b]}    | as-user-extra of user u is not honoured
          x: y                            | auth-provider: {name: gcp} | user u has the auth-provider gcp
          """)
  void whatWouldBeAnotherServerOrAnotherUser(String cluster, String user, String why) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> read(SERVER + ", " + cluster, user == null ? "" : user))
        .withMessageStartingWith(file + ": " + why);
  }

  @Test
  void fieldsThatSayNothingAndFieldsThatChangeNothing() throws IOException {
    String cluster =
        ", proxy-url: '', tls-server-name: null, disable-compression: true, extensions: [{name: a}]";
    String user =
        "as: '', as-groups: [], as-user-extra: {}, as-uid: null, token: t, extensions: []";
    assertThat(read(SERVER + cluster, user).user()).isEqualTo("u");
    assertThat(read(SERVER, "auth-provider: {name: oidc, config: {}}").user()).isEqualTo("u");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          command: sh, args: [7]                      | each of the args must be a text
          command: sh, args: ["a\\0b"]               | each of the args must be a text
          command: sh, env: [{name: A, value: 7}]     | the value of A must be a text
          command: sh, env: [{value: a}]              | an entry of env has no name
          command: sh, env: [{name: A=B, value: a}]   | an entry of env has no name
          args: [a]                                   | names no command
          command: sh, apiVersion: client.authentication.k8s.io/v1alpha1 | has the apiVersion client.authentication.k8s.io/v1alpha1; known are
          command: sh, interactiveMode: Always        | has interactiveMode Always
          """)
  void aProgramThatCanNotBeRunAsItIsMeant(String exec, String why) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> read(SERVER, "exec: {" + exec + "}"))
        .withMessageStartingWith(file + ": exec of user u")
        .withMessageContaining(why);
  }

  @Test
  void noProxyLeadsToALab() throws IOException {
    String lab = ", extensions: [{name: other}, {name: muster.dev/lab, extension: {proxy: none}}]";
    assertThat(proxy(read(SERVER + lab, ""))).isNull();
    assertThat(proxy(read(SERVER + lab, "token: t"))).isNull();
    assertThat(proxy(read(SERVER, "token: t"))).hasToString("http://p:1");
    assertThat(proxy(read(SERVER + ", extensions: null", ""))).hasToString("http://p:1");
  }

  private static @Nullable URI proxy(KubeContext context) {
    return context.proxies(Map.of("HTTPS_PROXY", "http://p:1")).of(URI.create(context.server()));
  }

  @Test
  void besideAProgramPathsAreStillToldFromTheFilesFolder() throws IOException {
    var program =
        read(SERVER + ", certificate-authority: cert", "token: '', exec: {command: sh}").program();
    assertThat(Objects.requireNonNull(program).config())
        .contains("\"certificate-authority\":\"" + folder.resolve("cert") + "\"")
        .doesNotContain("exec");
  }

  @Test
  void aTokenGoesBeforeAProgram() throws IOException {
    assertThat(read(SERVER, "token: t, exec: {command: no-such-program}").program()).isNull();
  }

  @Test
  void namesThatLeadNowhere() throws IOException {
    read(SERVER, "");
    assertThat(KubeContext.read(file, "nobody").user()).isEmpty();
    for (String[] each :
        new String[][] {
          {"lost", "context lost names the cluster gone, which is not in the file; there is [k]"},
          {
            "somebody",
            "context somebody names the user gone, which is not in the file; there is [u]"
          },
          {"nowhere", "context nowhere names no cluster"}
        }) {
      assertThatExceptionOfType(ClusterException.class)
          .isThrownBy(() -> KubeContext.read(file, each[0]))
          .withMessage(file + ": " + each[1]);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "::notaurl",
        "10.0.0.1:6443",
        "https://",
        "ftp://a",
        "https://a:99999",
        "https://a b"
      })
  void aServerThatIsNoAddress(String server) {
    refused(
        "server: '" + server + "'",
        "",
        "server of cluster k is \"" + server + "\", no URL like https://HOST:6443");
  }

  @Test
  void aMissingServer() {
    refused("", "", "server of cluster k is \"\", no URL like https://HOST:6443");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          client-certificate: none, client-key: key | client-certificate of user u is none, which can not be read: no such file or folder
          client-certificate: cert, client-key: none | client-key of user u is none, which can not be read: no such file or folder
          client-certificate: key, client-key: key | client-certificate of user u holds no certificate in PEM form
          client-certificate: cert, client-key: plain | client-key of user u holds no private key in PEM form
          client-certificate: cert | user u needs both, a client-certificate and its client-key
          client-key: key | user u needs both, a client-certificate and its client-key
          client-certificate-data: a, client-key: key | client-certificate-data of user u is not base64
          tokenFile: none | tokenFile of user u is none, which can not be read: no such file or folder
          exec: {command: no-such-program} | user u needs the program no-such-program, which is not on the PATH
          exec: {command: ./plain} | user u needs the program ./plain, which is not there to be run
          """)
  void credentialsThatCanNotBeUsed(String user, String why) {
    refused(SERVER, user, why);
  }

  @Test
  void aCertificateAuthorityThatIsNone() {
    refused(
        SERVER + ", certificate-authority: /nope/ca.crt",
        "",
        "certificate-authority of cluster k is /nope/ca.crt, which can not be read: no such file or folder");
    refused(
        SERVER + ", certificate-authority: plain",
        "",
        "certificate-authority of cluster k holds no certificate in PEM form");
  }

  @Test
  void dataGoesBeforeAFile() throws IOException {
    String data =
        Base64.getEncoder()
            .encodeToString("-----BEGIN CERTIFICATE-----".getBytes(StandardCharsets.UTF_8));
    String both = ", certificate-authority-data: " + data + ", certificate-authority: none";
    assertThat(read(SERVER + both, "").name()).isEqualTo("c");
  }

  @Test
  void aProgramBesideTheFile() throws IOException {
    assertThat(folder.resolve("key").toFile().setExecutable(true)).isTrue();
    assertThat(read(SERVER, "exec: {command: ./key}").program())
        .extracting(ExecProgram::name)
        .isEqualTo("./key");
  }
}
