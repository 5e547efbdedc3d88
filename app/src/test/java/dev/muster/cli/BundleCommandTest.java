package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.muster.cli.doctor.BundleOption;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Version;
import dev.muster.engine.site.PackedLab;
import dev.muster.lab.bundle.Bundle;
import dev.muster.lab.host.LabException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BundleCommandTest {
  @TempDir Path folder;

  /** Of another machine too: to look at it is not to use it. */
  @Test
  void aGoodBundleIsToldWithItsDigest() throws IOException {
    PackedLab lab = PackedLab.in(folder, "riscv64");
    Ended ended = Ended.of("bundle", "verify", lab.bundle().toString());
    assertThat(ended.exit()).as(ended.errors()).isZero();
    assertThat(ended.output())
        .containsPattern("machine +linux riscv64")
        .containsPattern("kubernetes +1.37.2")
        .containsPattern("helm +3.22.0")
        .contains("sha256:" + lab.sha256() + " (not pinned in kubernetes/bundle.yaml)");
    ended = Ended.of("bundle", "verify", "" + lab.bundle(), "--digest", "sha256:" + lab.sha256());
    assertThat(ended.exit()).isZero();
    assertThat(ended.output()).doesNotContain("not pinned");
  }

  @Test
  void whatIsWrongIsToldWithACodeThatIsNoVerdict() throws IOException {
    PackedLab lab = PackedLab.in(folder, Bundle.architecture());
    Ended ended = Ended.of("bundle", "verify", "" + lab.bundle(), "--digest", "0".repeat(64));
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("its digest is sha256:" + lab.sha256());
    ended = Ended.of("bundle", "verify", "" + lab.bundle(), "--digest", "x");
    assertThat(ended.exit()).isEqualTo(64);
    byte[] whole = Files.readAllBytes(lab.bundle());
    Path cut = Files.write(folder.resolve("cut"), java.util.Arrays.copyOf(whole, whole.length / 2));
    ended = Ended.of("bundle", "verify", cut.toString());
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("muster: the bundle " + cut + ": ");
    ended = Ended.of("bundle", "import", folder.resolve("none").toString());
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("none: no such file or folder");
    ended = Ended.of("bundle", "import", "oci://bundles/muster");
    assertThat(ended.exit()).isEqualTo(64);
    ended = Ended.of("bundle", "push", "" + lab.bundle(), "https://files.example.com/x");
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("pushed to oci://REGISTRY/REPOSITORY[:TAG]");
    ended = Ended.of("bundle", "push", "" + lab.bundle(), "oci://127.0.0.1:1/x");
    assertThat(ended.exit()).isEqualTo(69);
    assertThat(ended.errors()).contains("the bundle oci://127.0.0.1:1/x: nobody listens there");
    assertThat(Ended.of("bundle").exit()).isEqualTo(64);
  }

  @Test
  void theOptionComesBeforeTheVariableAndThePinBeforeBoth() throws IOException {
    PackedLab lab = PackedLab.in(folder, Bundle.architecture());
    Home home = new Home(folder.resolve("home"), folder.resolve("cache"), lab.dist());
    var variable = Map.of(BundleOption.VARIABLE, "of-variable");
    assertThat(option().bundle(home, _ -> {}, Map.of())).isNull();
    assertThat(where(option().bundle(home, _ -> {}, variable))).isEqualTo("of-variable");
    BundleOption given = option("--bundle", lab.bundle().toString());
    assertThat(where(given.bundle(home, _ -> {}, variable))).isEqualTo(lab.bundle().toString());

    pin(lab, "0".repeat(64));
    Bundle pinned = Objects.requireNonNull(given.bundle(home, _ -> {}, variable));
    assertThatThrownBy(() -> pinned.into(home.cache(), Version.number(), Bundle.architecture()))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("not sha256:000");
  }

  @Test
  void aPinHoldsWhereverABundleComesFrom() throws IOException {
    PackedLab lab = PackedLab.in(folder, Bundle.architecture());
    Home home = new Home(folder.resolve("home"), folder.resolve("cache"), lab.dist());
    byte[] bundle = Files.readAllBytes(lab.bundle());
    byte[] manifest =
        "{\"layers\": [{\"digest\": \"sha256:%s\"}]}"
            .formatted(lab.sha256())
            .getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        of -> {
          byte[] body = of.getRequestURI().getPath().contains("/manifests/") ? manifest : bundle;
          of.sendResponseHeaders(200, body.length);
          of.getResponseBody().write(body);
          of.close();
        });
    server.start();
    String there = "127.0.0.1:" + server.getAddress().getPort();
    try {
      for (String where :
          List.of(lab.bundle().toString(), "http://" + there + "/x", "oci://" + there + "/x")) {
        pin(lab, "0".repeat(64));
        assertThatThrownBy(() -> imported(where, home))
            .as(where)
            .isInstanceOf(LabException.class)
            .hasMessageContaining(
                "its digest is sha256:" + lab.sha256() + ", not sha256:" + "0".repeat(64));
        assertThat(home.cache().resolve("bin")).doesNotExist();
        pin(lab, lab.sha256());
        assertThat(imported(where, home).sha256()).isEqualTo(lab.sha256());
        assertThat(home.cache().resolve("bin/1.37.2")).isDirectory();
        Files.move(
            home.cache(), folder.resolve("cache-" + where.substring(0, 3).replace('/', '-')));
      }
    } finally {
      server.stop(0);
    }
  }

  private static Bundle.Good imported(String where, Home home) {
    return BundleOption.of(where, null, home, _ -> {})
        .into(home.cache(), Version.number(), Bundle.architecture());
  }

  private static void pin(PackedLab lab, String sha256) throws IOException {
    Files.writeString(
        lab.dist().resolve("kubernetes/bundle.yaml"),
        "url: \"\"\nsha256: {%s: {%s: %s}}\n"
            .formatted(Version.number(), Bundle.architecture(), sha256));
  }

  private static String where(@org.jspecify.annotations.Nullable Bundle bundle) {
    return Objects.requireNonNull(bundle).source().where();
  }

  private static BundleOption option(String... arguments) {
    BundleOption option = new BundleOption();
    var spec = CommandLine.Model.CommandSpec.create();
    spec.addMixin("bundle", CommandLine.Model.CommandSpec.forAnnotatedObject(option));
    new CommandLine(spec).parseArgs(arguments);
    return option;
  }
}
