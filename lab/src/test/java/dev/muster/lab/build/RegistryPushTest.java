package dev.muster.lab.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.lab.bundle.Bundle;
import dev.muster.lab.bundle.BundleSource;
import dev.muster.lab.bundle.BundleWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An image and a bundle as Muster writes them, pushed to a real registry and read back. */
@Tag("lab")
class RegistryPushTest {
  private static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @SuppressWarnings("NullAway.Init") // started before each test
  private Process registry;

  private int port;

  @BeforeEach
  void start() throws IOException {
    String kept = System.getenv("MUSTER_CACHE");
    Path cache =
        kept == null
            ? Path.of(System.getProperty("user.home"), ".cache/muster")
            : Path.of(kept).toAbsolutePath();
    Path program =
        new Components(Path.of("..").toAbsolutePath(), cache, System.out::println)
            .build("registry")
            .resolve("registry");
    try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Path config =
        Files.writeString(
            folder.resolve("registry.yaml"),
            """
            version: 0.1
            storage: {filesystem: {rootdirectory: %s}}
            http: {addr: "127.0.0.1:%d"}
            """
                .formatted(folder.resolve("registry"), port));
    registry =
        new ProcessBuilder(program.toString(), "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> get("", "*/*").statusCode() == 200);
  }

  @AfterEach
  void stop() throws InterruptedException {
    registry.destroy();
    registry.waitFor();
    http.close();
  }

  @Test
  void whatIsPushedCanBePulledByItsDigests() throws Exception {
    ImagePush.Pushed pushed =
        new ImagePush(prefix(), true, Map.of()).push(ImagePushTest.image(folder));
    assertThat(pushed.repository()).isEqualTo(prefix() + "/x");

    HttpResponse<byte[]> told = get("drills/x/manifests/" + pushed.tag(), MANIFEST);
    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(digest(told.body())).isEqualTo(pushed.digest());
    JsonNode manifest = new JsonMapper().readTree(told.body());
    JsonNode config = new JsonMapper().readTree(blob(manifest.path("config")));
    assertThat(config.at("/config/Entrypoint/0").asString()).isEqualTo("/bin/program");
    JsonNode diffs = config.at("/rootfs/diff_ids");
    assertThat(manifest.path("layers").size()).isEqualTo(2).isEqualTo(diffs.size());
    for (int i = 0; i < diffs.size(); i++) {
      byte[] layer =
          new GZIPInputStream(new ByteArrayInputStream(blob(manifest.path("layers").get(i))))
              .readAllBytes();
      assertThat(digest(layer)).as("layer %d unpacked", i).isEqualTo(diffs.get(i).asString());
    }
  }

  @Test
  void aBundleThatIsPushedIsPulledAgain() throws IOException {
    Path packed = Files.writeString(folder.resolve("packed"), "content");
    Path file = folder.resolve("bundle.tar.zst");
    String digest =
        new BundleWriter("0.1.0", "amd64", _ -> {})
            .write(
                file,
                "1.37.2",
                List.of(new CachedFile("bin/1.37.2/kubectl", packed, "kubernetes", "1.37.2")))
            .sha256();
    Bundle.Good good = new Bundle(BundleSource.of(file.toString()), digest, _ -> {}).verify();
    String where = "oci://" + prefix() + "/bundle:1";
    String address = BundleSource.registry(where).push(file, good);
    for (String from : List.of(where, address)) {
      Path cache = folder.resolve("cache");
      new Bundle(BundleSource.of(from), digest, _ -> {}).into(cache, "0.1.0", "amd64");
      assertThat(cache.resolve("bin/1.37.2/kubectl")).as(from).hasContent("content");
      Files.delete(cache.resolve("bin/1.37.2/kubectl"));
    }
    assertThat(BundleSource.registry(where).push(file, good)).isEqualTo(address);
  }

  private String prefix() {
    return "127.0.0.1:" + port + "/drills";
  }

  private byte[] blob(JsonNode descriptor) throws Exception {
    String digest = descriptor.path("digest").asString();
    HttpResponse<byte[]> blob = get("drills/x/blobs/" + digest, "*/*");
    assertThat(blob.statusCode()).as(digest).isEqualTo(200);
    assertThat(digest(blob.body())).isEqualTo(digest);
    return blob.body();
  }

  private HttpResponse<byte[]> get(String path, String accept)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v2/%s".formatted(port, path)))
            .header("Accept", accept)
            .timeout(Duration.ofSeconds(10))
            .build(),
        BodyHandlers.ofByteArray());
  }

  private static String digest(byte[] content) throws Exception {
    return "sha256:"
        + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
