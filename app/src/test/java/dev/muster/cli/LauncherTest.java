package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a tree of its own, with a Java that is a script. */
@Timeout(60)
class LauncherTest {
  @TempDir Path folder;

  @BeforeEach
  void tree() throws IOException {
    Files.copy(Path.of("../muster"), folder.resolve("muster"));
    Files.createDirectory(folder.resolve("dist"));
    Files.copy(Path.of("../dist/start.sh"), folder.resolve("dist/start.sh"));
    Files.writeString(folder.resolve("pom.xml"), "");
    Files.createDirectories(folder.resolve("core/src/main"));
    Files.writeString(folder.resolve("core/pom.xml"), "");
    for (String made : new String[] {"lib", "deepseek", "logstore", "agent"}) {
      Files.createDirectories(folder.resolve("target").resolve(made));
    }
    Files.writeString(folder.resolve("target/.built"), "");
    Files.createDirectories(folder.resolve("jdk/bin"));
    Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=\"25.0.1\"\n");
    script("javac", "exit 0");
  }

  private void script(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve("jdk/bin").resolve(name), "#!/bin/sh\n" + text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private String output = "";

  private int muster(String... arguments) throws IOException, InterruptedException {
    var words = new java.util.ArrayList<String>();
    words.add("sh");
    words.add(folder.resolve("muster").toString());
    words.addAll(java.util.List.of(arguments));
    var builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    Process process = builder.start();
    output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void theVerdictIsJavas() throws Exception {
    for (int code : new int[] {0, 1, 2, 64, 70}) {
      script("java", "[ \"$1\" = --dry-run ] || { echo \"$*\"; exit %d; }".formatted(code));
      assertThat(muster("runs", "show", "a b")).as(output).isEqualTo(code);
      assertThat(output).endsWith("dev.muster.cli.Main runs show a b\n");
    }
  }

  @Test
  void aJavaThatDoesNotStartIsNoVerdict() throws Exception {
    script("java", "echo 'Error: Could not create the Java Virtual Machine.' >&2; exit 1");
    assertThat(muster("runs")).isEqualTo(70);
    assertThat(output).contains("muster: Java does not start: Error: Could not create");
  }

  @Test
  void whatFailsBeforeJavaIsNoVerdict() throws Exception {
    Files.delete(folder.resolve("target/.built"));
    Files.move(folder.resolve("target"), folder.resolve("aside"));
    Files.writeString(folder.resolve("target"), "no folder");
    assertThat(muster("--no-install", "runs")).as(output).isGreaterThanOrEqualTo(64);
  }
}
