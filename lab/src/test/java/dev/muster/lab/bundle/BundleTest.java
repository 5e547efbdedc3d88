package dev.muster.lab.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import dev.muster.lab.build.CachedFile;
import dev.muster.lab.host.Digests;
import dev.muster.lab.host.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Written, verified, imported; and what is not whole is not. */
class BundleTest {
  private static final String VERSION = "0.1.0";
  private static final String HERE = "amd64";

  @TempDir Path folder;

  private Path cache = Path.of("");
  private Path file = Path.of("");
  private List<CachedFile> sources = List.of();
  private String digest = "";

  @BeforeEach
  void bundle() throws IOException {
    cache = folder.resolve("cache");
    file = folder.resolve("bundle.tar.zst");
    sources =
        List.of(
            source("bin/1.37.2/kube-apiserver", 3000, "kubernetes"),
            source("bin/1.37.2/.key", 64, "kubernetes"),
            source("bin/contour-crds/crds.yaml", 700, "contour-crds"),
            source("bin/contour-crds/.key", 64, "contour-crds"),
            source("images/0a2a581460cb24d5.tar", 5120, "pause"),
            source("images/3ef3420b23a1d9f7.image", 65, "pause"));
    digest = written(file, HERE, sources);
  }

  private CachedFile source(String path, int size, String component) throws IOException {
    byte[] content = new byte[size];
    new Random(path.hashCode()).nextBytes(content);
    Path made = folder.resolve("made").resolve(path);
    Files.createDirectories(made.getParent());
    return new CachedFile(path, Files.write(made, content), component, "1");
  }

  private static String written(Path to, String architecture, List<CachedFile> sources) {
    return new BundleWriter(VERSION, architecture, _ -> {}).write(to, "1.37.2", sources).sha256();
  }

  private Bundle bundle(Path from) {
    return new Bundle(BundleSource.of(from.toString()), null, _ -> {});
  }

  private void imported(Path from) {
    bundle(from).into(cache, VERSION, HERE);
  }

  /** Everything in the cache but locks. */
  private List<String> cached() throws IOException {
    if (!Files.exists(cache)) {
      return List.of();
    }
    try (var all = Files.walk(cache)) {
      return all.filter(f -> Files.isRegularFile(f) && !f.toString().endsWith(".lock"))
          .map(f -> cache.relativize(f).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void whatWasPackedIsInTheCacheAgain() throws IOException {
    assertThat(bundle(file).verify().sha256()).isEqualTo(digest).isEqualTo(Digests.file(file));
    assertThat(cached()).isEmpty();
    imported(file);
    assertThat(cached())
        .containsExactlyElementsOf(sources.stream().map(CachedFile::path).sorted().toList());
    for (CachedFile source : sources) {
      assertThat(cache.resolve(source.path())).hasSameBinaryContentAs(source.file());
    }
    assertThat(Files.isExecutable(cache.resolve("bin/1.37.2/kube-apiserver"))).isTrue();
    assertThat(cache.resolve("bin/contour-crds/crds.yaml").toFile().canExecute()).isFalse();
  }

  @Test
  void theSameContentGivesTheSameBytes() throws IOException {
    List<CachedFile> turned = new ArrayList<>(sources);
    Collections.reverse(turned);
    for (CachedFile source : sources) {
      Files.setLastModifiedTime(source.file(), FileTime.fromMillis(1));
    }
    Path again = folder.resolve("again.tar.zst");
    assertThat(written(again, HERE, turned)).isEqualTo(digest);
    assertThat(again).hasSameBinaryContentAs(file);
    assertThat(folder.toFile().list())
        .containsExactlyInAnyOrder("made", "again.tar.zst", "bundle.tar.zst");
  }

  @Test
  void whatTheMakersMachineWasLikeIsNotInIt() throws IOException {
    try (var tar =
        new TarArchiveInputStream(new ZstdInputStreamNoFinalizer(Files.newInputStream(file)))) {
      for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        assertThat(entry.getLastModifiedDate()).hasTime(0);
        assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
        assertThat(entry.getUserName() + entry.getGroupName()).isEmpty();
      }
    }
  }

  @Test
  void aBundleThatWasChangedAnywhereIsRefusedAndLeavesNothing() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      byte[] bad = whole.clone();
      int at = random.nextInt(bad.length);
      bad[at] = (byte) (bad[at] ^ (1 << random.nextInt(8)));
      Path changed = Files.write(folder.resolve("changed"), bad);
      var pinned = new Bundle(BundleSource.of(changed.toString()), digest, _ -> {});
      assertThatThrownBy(() -> pinned.into(cache, VERSION, HERE))
          .as("seed " + seed + ", case " + i)
          .isInstanceOf(LabException.class)
          .hasMessageContaining(changed.toString());
    }
    assertThat(cached()).isEmpty();
  }

  @Test
  void aBundleThatIsCutShortOrGoesOnIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      Path cut =
          Files.write(folder.resolve("cut"), Arrays.copyOf(whole, random.nextInt(whole.length)));
      assertThatThrownBy(() -> imported(cut))
          .as("seed " + seed + ", case " + i)
          .isInstanceOf(LabException.class);
      assertThatThrownBy(() -> bundle(cut).verify()).isInstanceOf(LabException.class);
    }
    Path longer = Files.write(folder.resolve("longer"), Arrays.copyOf(whole, whole.length + 9));
    assertThatThrownBy(() -> imported(longer)).isInstanceOf(LabException.class);
    assertThat(cached()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "0.2.0, amd64, it is of Muster 0.1.0; and this is 0.2.0",
    "0.1.0, arm64, it is for amd64; and this machine is arm64"
  })
  void whatIsOfAnotherVersionOrMachineIsRefusedInWords(String version, String machine, String why)
      throws IOException {
    assertThatThrownBy(() -> bundle(file).into(cache, version, machine))
        .isInstanceOf(LabException.class)
        .hasMessageContaining(why.replace(';', ','));
    assertThat(cached()).isEmpty();
  }

  @Test
  void whatHasNotTheDigestThatIsDemandedIsRefused() throws IOException {
    var other = new Bundle(BundleSource.of(file.toString()), "0".repeat(64), _ -> {});
    assertThatThrownBy(() -> other.into(cache, VERSION, HERE))
        .hasMessageContaining("sha256:" + digest + ", not sha256:000");
    assertThat(cached()).isEmpty();
  }

  @Test
  void whatAKilledImportLeftTakesPartInNothingAndIsRemoved() throws IOException {
    Path left = Files.createDirectories(cache.resolve("bundle.new/bin/1.37.2"));
    Files.writeString(left.resolve("half"), "half");
    imported(file);
    assertThat(cached()).hasSize(sources.size()).allMatch(path -> !path.contains("half"));
  }

  @Test
  void aSetOfTheSameRecipeStaysAndOneOfAnotherGoes() throws IOException {
    Path same = Files.createDirectories(cache.resolve("bin/1.37.2"));
    Files.copy(sources.get(1).file(), same.resolve(".key"));
    Files.writeString(same.resolve("kube-apiserver"), "is running");
    Path other = Files.createDirectories(cache.resolve("bin/contour-crds"));
    Files.writeString(other.resolve(".key"), "of another recipe");
    Files.writeString(other.resolve("old"), "old");
    imported(file);
    assertThat(same.resolve("kube-apiserver")).hasContent("is running");
    assertThat(other.resolve("old")).doesNotExist();
    assertThat(other.resolve("crds.yaml")).hasSameBinaryContentAs(sources.get(2).file());
  }

  @Test
  void aFileThatIsNoBundleSaysSo() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no bundle");
    assertThatThrownBy(() -> bundle(text).verify())
        .isInstanceOf(LabException.class)
        .hasMessageStartingWith("the bundle " + text + ": ");
    assertThatThrownBy(() -> bundle(folder.resolve("none")).verify())
        .hasMessageEndingWith("none: no such file or folder");
    assertThatThrownBy(() -> imported(folder.resolve("none"))).isInstanceOf(LabException.class);
    assertThat(cache).doesNotExist();
  }
}
