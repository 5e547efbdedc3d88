package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What dist/sbom.py says of an archive, with a jar of somebody else's and one of ours. */
@Timeout(60)
class SbomTest {
  @TempDir Path folder;
  private Path tree = Path.of("");
  private Path home = Path.of("");
  private String output = "";

  @BeforeEach
  void archiveAndRepository() throws IOException, InterruptedException {
    tree = folder.resolve("muster-7");
    Path java = Files.createDirectories(tree.resolve("runtime/lib"));
    Files.writeString(
        java.resolveSibling("release"), "JAVA_VERSION=\"25.0.3\"\nMODULES=\"java.base\"\n");
    jar(java.resolve("jrt-fs.jar"), "java");
    // of the tree, so that a module without a licence is told before an archive is made
    assertThat(run("cp", "-r", "../kubernetes", tree.toString())).isZero();
    home = folder.resolve("repository/org/example/part/1.0");
    jar(home.resolve("part-1.0.jar"), "part");
    pom(home.resolve("part-1.0.pom"), parent());
    licensed("MIT License");
    jar(tree.resolve("target/lib/core.jar"), "core");
    for (String where : List.of("lib", "agent")) {
      Files.createDirectories(tree.resolve("target").resolve(where));
      Files.copy(home.resolve("part-1.0.jar"), tree.resolve("target/" + where + "/part-1.0.jar"));
    }
  }

  private static String parent() {
    return "<parent><groupId>org.example</groupId><artifactId>all</artifactId><version>3</version>"
        + "</parent>";
  }

  private static void pom(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    String namespace = "http://maven.apache.org/POM/4.0.0";
    Files.writeString(file, "<project xmlns=\"%s\">%s</project>".formatted(namespace, content));
  }

  private void licensed(String... names) throws IOException {
    var text = new StringBuilder("<licenses>");
    for (String name : names) {
      text.append("<license><name>").append(name).append("</name></license>");
    }
    pom(folder.resolve("repository/org/example/all/3/all-3.pom"), text + "</licenses>");
  }

  private static void jar(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("content"));
      zip.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private int run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private int write() throws IOException, InterruptedException {
    String repository = folder.resolve("repository").toString();
    return run(
        "python3",
        "../dist/sbom.py",
        "write",
        tree.toString(),
        repository,
        "7",
        "1700000000",
        file("sbom.json"),
        file("names.txt"));
  }

  private int check() throws IOException, InterruptedException {
    assertThat(run("tar", "-C", folder.toString(), "-czf", file("a.tar.gz"), "muster-7")).isZero();
    return run("python3", "../dist/sbom.py", "check", file("a.tar.gz"), file("sbom.json"));
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private List<JsonNode> components() throws IOException {
    var all = new ArrayList<JsonNode>();
    JsonNode sbom = new JsonMapper().readTree(Files.readString(folder.resolve("sbom.json")));
    sbom.path("components").forEach(all::add);
    return all;
  }

  private JsonNode component(String purl) throws IOException {
    Stream<JsonNode> all = components().stream();
    return all.filter(c -> c.path("purl").asString().equals(purl)).findFirst().orElseThrow();
  }

  private static List<String> places(JsonNode component) {
    var occurrences = component.path("evidence").path("occurrences").spliterator();
    return StreamSupport.stream(occurrences, false)
        .map(o -> o.path("location").asString())
        .toList();
  }

  @Test
  void aJarIsNamedOnceWithItsPlacesAndTheLicenceOfItsParent() throws Exception {
    assertThat(write()).as(output).isZero();
    JsonNode part = component("pkg:maven/org.example/part@1.0");
    assertThat(places(part))
        .containsExactly("target/agent/part-1.0.jar", "target/lib/part-1.0.jar");
    assertThat(part.at("/licenses/0/license/id").asString()).isEqualTo("MIT");
    assertThat(part.at("/hashes/0/content").asString()).hasSize(64);
    assertThat(places(component("pkg:maven/dev.muster/core@7")))
        .containsExactly("target/lib/core.jar");
    assertThat(component("pkg:generic/openjdk@25.0.3").at("/components/0/name").asString())
        .isEqualTo("java.base");
    assertThat(folder.resolve("names.txt")).content().contains("\norg.example:part 1.0: MIT\n");
    licensed("MIT License", "Apache-2.0");
    assertThat(write()).as(output).isZero();
    assertThat(component("pkg:maven/org.example/part@1.0").at("/licenses/0/expression").asString())
        .isEqualTo("MIT OR Apache-2.0");
  }

  @Test
  void eachGoModuleIsNamedWithItsSum() throws Exception {
    assertThat(write()).as(output).isZero();
    JsonNode module = component("pkg:golang/github.com/pkg/errors@v0.9.1");
    assertThat(places(module)).contains("kubernetes/helm/go.mod");
    // h1:FEBLx1zS214owpjy7qsBeixbURkuhQAwrK5UwLGTwt4=
    assertThat(module.at("/hashes/0/content").asString()).startsWith("14404bc75cd2db5e28c298f2");
    assertThat(component("pkg:golang/k8s.io/api@v0.37.2").path("scope").asString())
        .as("the version that replaces another")
        .isEqualTo("optional");
  }

  @Test
  void theSameContentGivesTheSameBytes() throws Exception {
    assertThat(write()).as(output).isZero();
    Path first = Files.move(folder.resolve("sbom.json"), folder.resolve("first.json"));
    assertThat(write()).as(output).isZero();
    assertThat(folder.resolve("sbom.json")).hasSameTextualContentAs(first);
  }

  @Test
  void aPartWithoutAKnownLicenceOrOriginIsNamedAndNothingIsWritten() throws Exception {
    licensed("Nobody's Licence");
    assertThat(write()).isEqualTo(1);
    assertThat(output).contains("lib/part-1.0.jar: licenses/poms.tsv has no 'Nobody's Licence'");
    licensed();
    jar(tree.resolve("target/lib/stranger-1.jar"), "stranger");
    assertThat(write()).isEqualTo(1);
    assertThat(output)
        .contains("lib/part-1.0.jar: its pom names no licence")
        .contains("lib/stranger-1.jar: no jar of the local repository has these bytes");
    assertThat(folder.resolve("sbom.json")).doesNotExist();
  }

  @Test
  void aModuleOfARecipeWithoutALicenceIsNamed() throws Exception {
    Path recipe = Files.createDirectories(tree.resolve("kubernetes/x"));
    Files.writeString(recipe.resolve("go.mod"), "module x\n\nrequire example.com/none v1.0.0\n");
    Files.writeString(recipe.resolve("go.sum"), "example.com/none v1.0.0 h1:FEBLx1zS214=\n");
    assertThat(write()).isEqualTo(1);
    assertThat(output).contains("kubernetes/x/go.mod: licenses/go.tsv has no example.com/none");
  }

  @Test
  void theArchiveHasTheJarsThatAreListedAndNoOthers() throws Exception {
    assertThat(write()).as(output).isZero();
    assertThat(check()).as(output).isZero();
    jar(tree.resolve("charts/more.jar"), "more");
    jar(tree.resolve("target/lib/core.jar"), "other");
    Files.delete(tree.resolve("target/agent/part-1.0.jar"));
    assertThat(check()).isEqualTo(1);
    assertThat(output)
        .contains("charts/more.jar: in the archive, not in ")
        .contains("target/lib/core.jar: other bytes than ")
        .contains("target/agent/part-1.0.jar: in " + folder);
  }
}
