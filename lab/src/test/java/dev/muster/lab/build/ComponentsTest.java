package dev.muster.lab.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.lab.host.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComponentsTest {
  @TempDir Path folder;

  private Components components() throws IOException {
    return components(null);
  }

  private Components components(@Nullable Path installedHelm) throws IOException {
    for (String version : new String[] {"1.26.15", "1.37.2"}) {
      Files.createDirectories(folder.resolve("kubernetes").resolve(version));
      Files.writeString(
          folder.resolve("kubernetes").resolve(version).resolve("go.mod"), "module m\n");
    }
    return new Components(folder, folder.resolve("cache"), _ -> {}, () -> installedHelm);
  }

  @Test
  void aMinorVersionMeansThePatchThatThereIsARecipeFor() throws IOException {
    assertThat(components().version("1.26")).isEqualTo("1.26.15");
    assertThat(components().version("1.37.2")).isEqualTo("1.37.2");
    assertThatThrownBy(() -> components().version("1.3"))
        .isInstanceOf(LabException.class)
        .hasMessageContaining("1.26.15, 1.37.2");
  }

  @Test
  void givenProgramsMustBeWholeAndTellTheirVersion() throws IOException {
    Path given = Files.createDirectories(folder.resolve("given"));
    assertThatThrownBy(() -> components().given(given))
        .hasMessageContaining("no program kube-apiserver");
    for (String program :
        new String[] {
          "kube-apiserver",
          "kube-controller-manager",
          "kube-scheduler",
          "kubelet",
          "kube-proxy",
          "kubectl"
        }) {
      Path file = Files.writeString(given.resolve(program), "#!/bin/sh\necho no idea\n");
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    assertThatThrownBy(() -> components().given(given)).hasMessageContaining("no idea");
  }

  @Test
  void lackingIsWhatWasMadeByNoRecipeOfNow() throws IOException {
    Components components = components();
    for (String set : new String[] {"1.37.2", "contour", "helm"}) {
      Files.createDirectories(folder.resolve("kubernetes").resolve(set));
      Files.writeString(folder.resolve("kubernetes").resolve(set).resolve("go.mod"), "module m\n");
      Files.writeString(folder.resolve("kubernetes").resolve(set).resolve("go.sum"), "");
    }
    assertThat(components.newest()).isEqualTo("1.37.2");
    assertThat(components.needed("1.37.2", false)).containsExactly("1.37.2", "contour-crds");
    assertThat(components.needed(null, true)).containsExactly("contour-crds", "helm");
    List<String> needed = components.needed("1.37.2", true);
    assertThat(components.lacking(needed)).containsExactly("1.37.2", "contour-crds", "helm");
    for (String set : needed) {
      Path made = Files.createDirectories(folder.resolve("cache/bin").resolve(set));
      Files.writeString(made.resolve(".key"), components.key(set));
    }
    assertThat(components.lacking(needed)).isEmpty();
    Files.writeString(folder.resolve("kubernetes/contour/go.sum"), "newer");
    assertThat(components.lacking(needed)).containsExactly("contour-crds");
  }

  @Test
  void whatIsThereIsUsedWithoutACompiler() throws IOException {
    Components components = components();
    Files.createDirectories(folder.resolve("kubernetes/helm"));
    Files.writeString(folder.resolve("kubernetes/helm/go.mod"), "module m\n");
    Files.writeString(folder.resolve("kubernetes/helm/go.sum"), "");
    assertThat(components.hasHelm()).isFalse();
    Path hosts = folder.resolve("usr/bin/helm");
    assertThat(components(hosts).hasHelm()).isTrue();
    assertThat(components(hosts).helm()).isEqualTo(hosts);
    Path made = Files.createDirectories(folder.resolve("cache/bin/helm"));
    Files.writeString(made.resolve(".key"), components.key("helm"));
    assertThat(components.hasHelm()).isTrue();
    assertThat(components.helm()).isEqualTo(made.resolve("helm"));
    assertThat(components(hosts).helm()).as("ours goes first").isEqualTo(made.resolve("helm"));
  }
}
