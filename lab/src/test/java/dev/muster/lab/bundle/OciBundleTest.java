package dev.muster.lab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.lab.build.CachedFile;
import dev.muster.lab.host.Digests;
import dev.muster.lab.host.LabException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pushed to a registry and pulled from it; and what a registry may say instead. */
class OciBundleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @TempDir Path folder;

  @SuppressWarnings("NullAway.Init") // started before each test
  private StubRegistry registry;

  private Path file = Path.of("");
  private String digest = "";

  @BeforeEach
  void start() throws IOException {
    registry = new StubRegistry();
    file = bundle("one", "content");
    digest = Digests.file(file);
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Path bundle(String name, String content) throws IOException {
    Path packed = Files.writeString(folder.resolve("packed"), content);
    Path out = folder.resolve(name + ".tar.zst");
    new BundleWriter("0.1.0", "amd64", _ -> {})
        .write(
            out,
            "1.37.2",
            List.of(new CachedFile("bin/1.37.2/kubectl", packed, "kubernetes", "1.37.2")));
    return out;
  }

  private BundleSource at(String qualifier) {
    return new BundleSource(
        "oci://" + registry.host() + "/tools/bundle" + qualifier,
        PATIENCE,
        Map.of("DOCKER_CONFIG", folder.toString()));
  }

  private String pushed() {
    return at(":1")
        .push(file, new Bundle(BundleSource.of(file.toString()), null, _ -> {}).verify());
  }

  private Bundle.Good pulled(String qualifier, @Nullable String sha256) {
    return new Bundle(at(qualifier), sha256, _ -> {}).verify();
  }

  private void login(String user) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        "{\"auths\": {\"%s\": {%s}}}".formatted(registry.host(), user));
  }

  @Test
  void whatWasPushedIsPulledByTagAndByDigest() {
    String address = pushed();
    String manifest = address.substring(address.indexOf('@'));
    assertThat(address).isEqualTo("oci://%s/tools/bundle%s", registry.host(), manifest);
    assertThat(pulled(":1", digest).sha256()).isEqualTo(digest);
    registry.kept.put(manifest.substring(1), kept("1"));
    assertThat(pulled(manifest, null).manifest().kubernetes()).isEqualTo("1.37.2");
    assertThat(new String(kept("1"), StandardCharsets.UTF_8))
        .contains("\"artifactType\":\"application/vnd.muster.bundle.v1\"")
        .contains("\"org.opencontainers.image.title\":\"muster-bundle-0.1.0-linux-amd64.tar.zst\"");
    registry.asked.clear();
    assertThat(pushed()).isEqualTo(address);
    assertThat(registry.asked).noneMatch(line -> line.startsWith("POST /v2"));
  }

  private byte[] kept(String name) {
    return Objects.requireNonNull(registry.kept.get(name));
  }

  /**
   * Of everybody, for the deed; and what stores the blobs is another host, which is not told it.
   */
  @Test
  void whoNamesNobodyGetsATokenForWhatIsPublic() {
    pushed();
    assertThat(registry.asked).contains("GET /token?%s null".formatted(token("pull%2Cpush")));
    registry.asked.clear();
    pulled(":1", null);
    assertThat(registry.asked)
        .containsExactly(
            "GET /v2/tools/bundle/manifests/1 null",
            "GET /token?%s null".formatted(token("pull")),
            "",
            "GET /v2/tools/bundle/manifests/1 Bearer t",
            "GET /v2/tools/bundle/blobs/sha256:" + digest + " Bearer t",
            "storage null");
  }

  private static String token(String deeds) {
    return "scope=repository%3Atools%2Fbundle%3A" + deeds + "&service=s";
  }

  @Test
  void dockersCredentialsAreForTheTokenServer() throws IOException {
    pushed();
    login("\"auth\": \"bWU6d29yZA==\"");
    registry.asked.clear();
    pulled(":1", null);
    assertThat(registry.asked)
        .contains("GET /token?%s Basic bWU6d29yZA==".formatted(token("pull")))
        .noneMatch(line -> line.startsWith("GET /v2") && line.contains("Basic"));
  }

  @Test
  void aTokenOfDockersIsChangedForOne() throws IOException {
    pushed();
    login("\"auth\": \"PHRva2VuPjpsb25n\""); // <token>:long, as credential helpers tell one
    registry.asked.clear();
    pulled(":1", null);
    assertThat(registry.asked)
        .contains("POST /token null")
        .anyMatch(l -> l.contains("grant_type=refresh_token") && l.contains("refresh_token=long"));
  }

  @Test
  void aRegistryMayWantThePasswordItself() throws IOException {
    registry.challenge = "Basic realm=\"r\"";
    registry.taken = "Basic bWU6d29yZA==";
    assertThatThrownBy(() -> pulled(":1", null))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("the registry does not allow it (who are you)")
        .hasMessageEndingWith("docker login " + registry.host());
    login("\"auth\": \"bWU6d29yZA==\"");
    pushed();
    assertThat(pulled(":1", null).sha256()).isEqualTo(digest);
  }

  @Test
  void whoGetsNoTokenIsToldToLogIn() {
    registry.tokens = 401;
    assertThatThrownBy(() -> pulled(":1", null))
        .hasMessageContaining("127.0.0.1 gives no token to who names no user (answer 401)")
        .hasMessageContaining("docker login");
  }

  @Test
  void noPasswordGoesToATokenServerWithoutTls() {
    registry.challenge = "Bearer realm=\"http://tokens.example.com/token\"";
    assertThatThrownBy(() -> pulled(":1", null))
        .hasMessageContaining("http://tokens.example.com/token, which is no https:// URL");
  }

  @Test
  void anotherBlobThanWasAnnouncedIsRefusedWithBothDigests() throws IOException {
    pushed();
    Path other = bundle("other", "other content");
    registry.kept.put("sha256:" + digest, Files.readAllBytes(other));
    assertThatThrownBy(() -> pulled(":1", null))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("sha256:" + Digests.file(other))
        .hasMessageContaining("not sha256:" + digest);
  }

  @Test
  void soIsAnotherManifestThanTheOneThatIsNamed() {
    pushed();
    String named = "sha256:" + "0".repeat(64);
    registry.kept.put(named, kept("1"));
    assertThatThrownBy(() -> pulled("@" + named, null))
        .hasMessageContaining("sha256:" + Digests.bytes(kept("1")))
        .hasMessageContaining("not " + named);
  }

  /** What is pinned need not come first to be refused. */
  @Test
  void aBundleThatIsAnnouncedWithAnotherDigestIsNotFetched() {
    pushed();
    assertThatThrownBy(() -> pulled(":1", "0".repeat(64)))
        .hasMessageContaining("its digest is sha256:" + digest + ", not sha256:000");
    assertThat(registry.asked).noneMatch(line -> line.startsWith("storage"));
  }

  @Test
  void whatIsNoBundleOrNotThereIsSaid() {
    assertThatThrownBy(() -> pulled(":none", null))
        .hasMessage("the bundle " + at(":none") + ": the registry has none");
    registry.kept.put("two", "{\"layers\": [{}, {}]}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> pulled(":two", null)).hasMessageContaining("2 layers, not one");
    registry.kept.put(
        "odd", "{\"layers\": [{\"digest\": \"md5:1\"}]}".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> pulled(":odd", null)).hasMessageContaining("names no sha256");
    registry.kept.put("text", "hello".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> pulled(":text", null))
        .hasMessageContaining("manifest can not be read");
    registry.close();
    assertThatThrownBy(() -> pulled(":1", null)).hasMessageEndingWith("nobody listens there");
  }
}
