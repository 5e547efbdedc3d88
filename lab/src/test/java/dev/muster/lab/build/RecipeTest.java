package dev.muster.lab.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.lab.host.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {
  private static final Path RECIPES = Path.of("../kubernetes");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1.37.2, 1.37.2", "1.26.15, 1.26.15"})
  void ofKubernetesTheVersionIsTheSets(String set, String version) throws IOException {
    Recipe recipe = Recipe.of(RECIPES, set);
    assertThat(recipe.version()).isEqualTo(version);
    assertThat(recipe.name()).isEqualTo("kubernetes " + set);
    assertThat(recipe.linkerFlags()).contains(".gitVersion=v" + set, ".gitMinor=");
  }

  @ParameterizedTest
  @CsvSource({"helm", "contour", "coredns", "kube-state-metrics", "prometheus", "registry"})
  void ofTheRestItIsTheModulesOfTheTool(String set) throws IOException {
    assertThat(Recipe.of(RECIPES, set).version()).matches("\\d+\\.\\d+\\.\\d+");
  }

  /** Two modules whose names begin alike, as etcd's and its API's do. */
  @Test
  void theModuleIsTheLongestThatTheToolIsIn() throws IOException {
    Files.createDirectories(folder.resolve("x"));
    Files.writeString(
        folder.resolve("x/go.mod"),
        """
        module m
        tool (
        \ta.example/b/c/cmd
        )
        require (
        \ta.example/b v1.0.0 // indirect
        \ta.example/b/c v2.0.0 // indirect
        \ta.example/b/c/cmdline v3.0.0
        )
        """);
    assertThat(Recipe.of(folder, "x").version()).isEqualTo("2.0.0");
  }

  /** Our main.go has no version, what it is made of has. */
  @Test
  void ofAProgramOfOursItIsTheModuleThatIsRequired() throws IOException {
    Files.createDirectories(folder.resolve("x"));
    Files.writeString(
        folder.resolve("x/go.mod"),
        """
        module m.example/x
        tool m.example/x
        require a.example/server v1.2.3
        require (
        \ta.example/of/a/longer/name v2.0.0 // indirect
        )
        """);
    assertThat(Recipe.of(folder, "x").version()).isEqualTo("1.2.3");
  }

  @Test
  void theKeyIsOfFlagsAndModules() throws IOException {
    Files.createDirectories(folder.resolve("x"));
    Files.writeString(folder.resolve("x/go.mod"), "mod");
    Files.writeString(folder.resolve("x/go.sum"), "sum");
    Recipe recipe = Recipe.of(folder, "x");
    assertThat(recipe.key()).isEqualTo(Digests.text("-s -wmodsum"));
    Files.writeString(folder.resolve("x/go.sum"), "other");
    assertThat(recipe.key()).isNotEqualTo(Digests.text("-s -wmodsum"));
    Files.writeString(folder.resolve("x/main.go"), "main");
    assertThat(recipe.key()).isEqualTo(Digests.text("-s -wmodothermain"));
  }
}
