package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** dist/build in a tree of its own, with a JDK that is a few scripts. */
@Timeout(60)
class DistBuildTest {
  private static final String JLINK =
      """
      #!/bin/sh
      for out; do :; done
      mkdir -p "$out/bin" "$out/lib" "$out/legal"
      echo text >"$out/legal/LICENSE"
      ln -s LICENSE "$out/legal/COPYING"
      printf 'JAVA_VERSION="25.0.3"\\nMODULES="java.base"\\n' >"$out/release"
      cp "$(dirname "$0")/../runtime-java" "$out/bin/java"
      """;

  private static final String JAVA =
      """
      #!/bin/sh
      for last; do :; done
      case "$*" in
        *--dry-run*) ;;
        *ManPages*) mkdir -p "$last" && echo '.TH MUSTER 1 "" "" ""' >"$last/muster.1" ;;
        *"Main --version") echo "muster 7.0.0 (commit $(sed -n s/COMMIT=//p "$(dirname "$0")/../../release"))" ;;
        *"Main completion "*) echo "completes $last" ;;
        *) exit 1 ;;
      esac
      """;

  @TempDir Path folder;
  private String output = "";
  private String version = "7.0.0";
  private Path out = Path.of("");

  @BeforeEach
  void tree() throws Exception {
    assertThat(run("cp", "-r", Path.of("../dist").toRealPath().toString(), "dist")).isZero();
    write("muster", "#!/bin/sh\n");
    write("LICENSE", "");
    write("NOTICE", "");
    write("README.md", "");
    write("charts/x", "");
    write("drills/x", "");
    write("images/muster.yaml", "name: x:@VERSION@\n");
    write("kubernetes/x/go.mod", "module x\n");
    write("kubernetes/x/go.sum", "");
    version("7.0.0", "## 7.0.0\n");
    for (String made :
        List.of("lib/core", "deepseek/deepseek", "logstore/logstore", "agent/fault", "load/load")) {
      write("target/" + made + ".jar", "");
      // what an empty zip file is
      Files.write(
          folder.resolve("target/" + made + ".jar"),
          ("PK\005\006" + "\0".repeat(18)).getBytes(StandardCharsets.ISO_8859_1));
    }
    Files.createDirectories(folder.resolve("repository"));
    write("jdk/release", "JAVA_VERSION=\"25.0.3\"\n");
    write("jdk/bin/jlink", JLINK);
    write("jdk/runtime-java", JAVA);
    out = folder.resolve("target/dist");
    write(".gitignore", "target/\njdk/\nrepository/\n");
    assertThat(run("git", "init", "-q", ".")).as(output).isZero();
  }

  private void version(String number, String changes) throws IOException {
    version = number;
    write("pom.xml", "<project>\n  <version>" + number + "</version>\n");
    write("CHANGELOG.md", "# Changelog\n\n" + changes);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(text.startsWith("#!"))).isTrue();
  }

  private int run(String... command) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().put("MAVEN_REPOSITORY", folder.resolve("repository").toString());
    builder.environment().put("DOWNLOAD_URL", "https://example.com/d");
    Process process = builder.start();
    output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private int build() throws IOException, InterruptedException {
    run("git", "add", "-A");
    run("git", "-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "-qm", "x");
    return run("dist/build");
  }

  private Path archive() throws IOException {
    try (var files = Files.list(out)) {
      return files.filter(f -> f.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
    }
  }

  private String of(String file) throws IOException {
    return Files.readString(out.resolve(file));
  }

  @Test
  void theArchiveHasWhatPackagersLookForAndNoLinks() throws Exception {
    assertThat(build()).as(output).isZero();
    Path archive = archive();
    String name = Objects.requireNonNull(archive.getFileName()).toString().replace(".tar.gz", "");
    assertThat(name).startsWith("muster-7.0.0-linux-");
    assertThat(run("tar", "-tzf", archive.toString())).isZero();
    assertThat(output.lines())
        .contains(
            name + "/bin/kubectl-muster",
            name + "/share/man/man1/muster.1",
            name + "/share/bash-completion/completions/muster",
            name + "/share/zsh/site-functions/_muster",
            name + "/share/fish/vendor_completions.d/muster.fish",
            name + "/runtime/legal/COPYING",
            name + "/NOTICE",
            name + "/sbom.cdx.json",
            name + "/licenses.txt");
    assertThat(run("tar", "-tvzf", archive.toString())).isZero();
    assertThat(output.lines()).allSatisfy(line -> assertThat(line).matches("[-d].*"));
    assertThat(run("tar", "-xOzf", archive.toString(), name + "/images/muster.yaml")).isZero();
    assertThat(output).isEqualTo("name: x:7.0.0\n");
  }

  @Test
  void everyFileHasItsSumAndManifestsHaveTheArchives() throws Exception {
    assertThat(build()).as(output).isZero();
    assertThat(run("sh", "-c", "cd target/dist && sha256sum -c SHA256SUMS")).as(output).isZero();
    assertThat(output.lines()).hasSize(4);
    assertThat(run("sha256sum", archive().toString())).isZero();
    String sum = output.substring(0, 64);
    String address = "https://example.com/d/" + archive().getFileName();
    assertThat(of("muster.yaml")).contains("sha256: " + sum, "uri: " + address, "version: v7.0.0");
    assertThat(of("muster.rb")).contains("sha256 \"" + sum, "url \"" + address, "\"7.0.0\"");
  }

  @Test
  void twoBuildsOfOneCommitAreEqual() throws Exception {
    assertThat(build()).as(output).isZero();
    String sums = of("SHA256SUMS");
    assertThat(run("dist/build")).as(output).isZero();
    assertThat(of("SHA256SUMS")).isEqualTo(sums);
  }

  @Test
  void aVersionThatIsNotInTheChangelogOrNotTheJarsIsNotBuilt() throws Exception {
    version("7.0.0", "## Unreleased\n");
    assertThat(build()).isEqualTo(1);
    assertThat(output).contains("CHANGELOG.md has no section " + version);
    version("7.0.1-SNAPSHOT", "## Unreleased\n");
    assertThat(build()).isEqualTo(1);
    assertThat(output)
        .contains("the archive says 'muster 7.0.0 (commit ", "not version " + version);
  }
}
