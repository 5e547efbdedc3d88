package dev.muster.engine.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.engine.home.Home;
import dev.muster.engine.home.Refusal;
import dev.muster.lab.build.Doctor.Need;
import dev.muster.lab.build.Lacking;
import dev.muster.lab.bundle.Bundle;
import dev.muster.lab.bundle.BundleSource;
import dev.muster.lab.host.LabException;
import dev.muster.lab.node.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabArtifactsTest {
  @TempDir Path folder;

  private final List<String> told = new ArrayList<>();

  private LabArtifacts stock(PackedLab lab, @Nullable String sha256) {
    var home = new Home(folder.resolve("home"), folder.resolve("cache"), lab.dist());
    return new LabArtifacts(
        home, told::add, new Bundle(BundleSource.of(lab.bundle().toString()), sha256, told::add));
  }

  @Test
  void whatIsLackingComesFromTheBundleAndNothingIsMade() throws IOException {
    PackedLab lab = PackedLab.in(folder, Bundle.architecture());
    LabArtifacts stock = stock(lab, lab.sha256());
    assertThat(stock.lacking().nothing()).isFalse();
    LabArtifacts.Parts parts = stock.parts("1.37", null, true, true);
    assertThat(stock.lacking().nothing()).isTrue();
    assertThat(parts.binaries().version()).isEqualTo("1.37.2");
    assertThat(parts.binaries().kubernetes().resolve("kubectl")).isExecutable();
    assertThat(stock.helm()).isExecutable();
    assertThat(parts.binaries().contourCrds()).hasContent("kind: None");
    assertThat(parts.images()).extracting(Image::name).containsExactly("muster.dev/pause:1");
    assertThat(parts.images().getFirst().archive()).exists();
    assertThat(told)
        .contains("the bundle has the digest that was asked for")
        .noneMatch(line -> line.contains("compiling") || line.contains("building"));
  }

  @Test
  void aBundleIsReadOnlyWhereSomethingIsLacking() throws IOException {
    PackedLab lab = PackedLab.in(folder, Bundle.architecture());
    stock(lab, null).parts("1.37", null, true, true);
    assertThat(told).anyMatch(l -> l.startsWith("nobody vouches") && l.endsWith(lab.sha256()));
    told.clear();
    Files.delete(lab.bundle());
    assertThat(stock(lab, null).parts("1.37", null, true, true).images()).hasSize(1);
    assertThat(told).isEmpty();
  }

  @Test
  void imagesAreGatheredWhileComponentsCompile() {
    var compiling = new CountDownLatch(1);
    var gathering = new CountDownLatch(1);
    LabArtifacts.together(
        () -> {
          compiling.countDown();
          await(gathering);
          told.add("compiled");
        },
        () -> {
          await(compiling);
          gathering.countDown();
        });
    assertThat(told).containsExactly("compiled");
  }

  @Test
  void whatEitherOfThemThrewIsTold() {
    assertThatThrownBy(() -> LabArtifacts.together(() -> {}, () -> fail("no mmdebstrap")))
        .hasMessage("no mmdebstrap");
    assertThatThrownBy(() -> LabArtifacts.together(() -> fail("no Go"), () -> told.add("gathered")))
        .hasMessage("no Go");
    assertThat(told).containsExactly("gathered");
  }

  private static void fail(String why) {
    throw new LabException(why);
  }

  private static void await(CountDownLatch other) {
    try {
      assertThat(other.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoHasNeitherBundleNorCompilerIsToldBothWays() throws IOException {
    PackedLab lab = PackedLab.in(folder, Bundle.architecture());
    var lacking = new Lacking(List.of("1.37.2"), List.of("muster.dev/pause:1"), Set.of());
    Need go = new Need("go 1.26", "compiles", false, "", "install Go");
    var without = new LabArtifacts(stock(lab, null).home(), told::add, null);
    assertThat(without.unfit(lacking, List.of(go), List.of(go)))
        .contains("lacks kubernetes 1.37.2, image muster.dev/pause:1.")
        .contains("--bundle FILE|URL or MUSTER_BUNDLE.")
        .endsWith("\n  go 1.26: install Go");
    Need memory = new Need("memory", "pods", false, "1 GB", "use another machine");
    assertThat(without.unfit(lacking, List.of(), List.of(memory)))
        .isEqualTo(
            "this machine can not carry a lab (muster doctor):\n  memory: use another machine");
  }

  @Test
  void whoNamesABundleThatDoesNotHoldItDoesNotCompileUnasked() throws IOException {
    PackedLab lab = PackedLab.in(folder, Bundle.architecture());
    Files.writeString(lab.dist().resolve("kubernetes/1.37.2/go.sum"), "of newer sources");
    assertThatThrownBy(() -> stock(lab, null).parts("1.37", null, true, true))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the bundle does not hold kubernetes 1.37.2: it is of Kubernetes")
        .hasMessageEndingWith("Without a bundle they are compiled.");
  }

  @Test
  void withoutASourceTreeAllIsLacking() {
    var home = new Home(folder, folder, folder.resolve("none"));
    assertThat(new LabArtifacts(home, told::add, null).lacking()).isEqualTo(Lacking.ALL);
  }
}
