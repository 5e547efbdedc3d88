package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;

/** Whatever goes wrong: no verdict's exit code, no trace, and a line that says what it is. */
@Timeout(180)
class ErrorsTest {
  private static final String DRILL =
      """
      apiVersion: muster.dev/v1
      kind: Drill
      metadata: {name: d}
      target: {namespace: s}
      faults: [{kind: NodeShutdown, duration: 30s, ttl: 1m}]
      expect: {residue: none}
      """;

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static void refused(Path file, String why) {
    for (String[] command :
        new String[][] {
          {"run", "" + file},
          {"run", "--dry-run", "" + file},
          {"convert", "" + file},
          {"rbac", "" + file}
        }) {
      Ended ended = Ended.of(command);
      assertThat(ended.exit()).as(String.join(" ", command) + ended.errors()).isEqualTo(64);
      assertThat(ended.errors()).startsWith("muster: " + file).contains(why);
      assertThat(ended.errors().lines()).hasSizeLessThan(10);
      assertThat(ended.errors().length()).isLessThan(5000);
    }
  }

  @Test
  void nestedWithoutEnd() throws IOException {
    refused(file("flow.yaml", "[".repeat(200_000)), "flow.yaml:1:65: nested deeper than 64 levels");
    refused(file("map.yaml", DRILL + "lab: " + "{a: ".repeat(99_999)), "map.yaml:7:");
    refused(file("block.yaml", "- ".repeat(99_999)), "nested deeper than 64 levels");
  }

  @Test
  void aliasesThatMultiply() throws IOException {
    var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      text.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9)));
    }
    refused(file("laughs.yaml", text.toString()), "laughs.yaml:1:1: ");
  }

  @Test
  void numbersThatOverflow() throws IOException {
    String digits = "9".repeat(30);
    for (String each :
        new String[] {
          DRILL.replace("30s", digits + "s"),
          DRILL.replace("30s", digits + "h" + digits + "m"),
          DRILL.replace("1m}", digits + "m}"),
          DRILL.replace(
              "kind: NodeShutdown", "mode: fixed, value: " + digits + ", kind: NodeShutdown"),
          DRILL.replace("kind: NodeShutdown", "mode: fixed, value: 1e99999999, kind: NodeShutdown"),
          DRILL.replace("kind: NodeShutdown", "kind: DiskFill, size: " + digits + "Gi")
        }) {
      refused(file("digits.yaml", each), "digits.yaml:5:");
    }
    refused(
        file("digits.yaml", DRILL + "load: {arrivals: {constant: %s/s}}".formatted(digits)), ":7:");
    refused(
        file(
            "digits.yaml", DRILL + "load: {arrivals: {constant: 1/s}, seed: %s}".formatted(digits)),
        ":7:");
  }

  @Test
  void whatIsTooLargeIsNotRead() throws IOException {
    Path large = folder.resolve("large.yaml");
    try (var file = new RandomAccessFile(large.toFile(), "rw")) {
      file.setLength(4L << 30); // sparse
    }
    refused(large, "larger than 1 MiB");
    Path fifty = file("fifty.yaml", "a: [" + "x, ".repeat(17_000_000) + "]\n");
    refused(fifty, "larger than 1 MiB");
  }

  @Test
  void whatIsNoText() throws IOException {
    Path binary =
        Files.write(folder.resolve("b.yaml"), new byte[] {'a', ':', '\n', 'b', (byte) 0xff});
    refused(binary, "b.yaml:2:2: not UTF-8 text");
    refused(
        Files.write(folder.resolve("u.yaml"), DRILL.getBytes(StandardCharsets.UTF_16LE)),
        "u.yaml:1:2: not readable as YAML: the character U+0000");
    refused(
        file("nul.yaml", "a: b\nc: \0"),
        "nul.yaml:2:4: not readable as YAML: the character U+0000");
    refused(folder, "is a folder");
    refused(Path.of("/dev/zero"), "is a pipe or device");
    refused(file("empty.yaml", ""), "the file is empty");
  }

  @Test
  void aPipeIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    refused(pipe, "is a pipe or device");
  }

  @Test
  void aMarkOfTheByteOrderIsNoLetter() throws IOException {
    assertThat(Ended.of("convert", "" + file("bom.yaml", "\uFEFF" + DRILL)).exit()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stack",
        "memory",
        "assertion",
        "linkage",
        "null",
        "state",
        "gone",
        "unchecked",
        "cluster"
      })
  void whateverIsThrown(String what) {
    var line = Main.line().addSubcommand("boom", new Boom(what));
    Ended ended = Ended.of(line, "boom");
    boolean environment = what.matches("gone|unchecked|cluster");
    assertThat(ended.exit()).isEqualTo(environment ? 69 : 70);
    assertThat(ended.output()).isEmpty();
    assertThat(ended.errors().lines()).as(ended.errors()).hasSize(1);
    assertThat(ended.errors())
        .startsWith("muster: ")
        .contains(
            switch (what) {
              case "stack" -> "internal error: something is nested too deeply; set MUSTER_DEBUG=1";
              case "memory" -> "internal error: not enough memory (Java heap space); set";
              case "gone" -> "/gone/timeline.jsonl: no such file or folder";
              case "unchecked" -> "No space left on device";
              case "cluster" -> "the cluster did not do as asked: nodes is forbidden";
              case "null" -> "internal error: NullPointerException: a b";
              default -> "internal error: ";
            });
  }

  @Command(name = "boom")
  record Boom(String what) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      switch (what) {
        case "stack" -> throw new StackOverflowError();
        case "memory" -> throw new OutOfMemoryError("Java heap space");
        case "assertion" -> throw new AssertionError("a\nb");
        case "linkage" -> throw new NoClassDefFoundError("dev/muster/Gone");
        case "null" -> throw new NullPointerException("a\n\tb");
        case "gone" -> throw new NoSuchFileException("/gone/timeline.jsonl");
        case "unchecked" ->
            throw new UncheckedIOException(new IOException("No space left on device"));
        case "cluster" -> throw new KubernetesClientException("nodes is forbidden");
        default -> throw new IllegalStateException();
      }
    }
  }

  @Test
  void aRunsFolderThatIsGone() throws IOException {
    Path run = Files.createDirectories(folder.resolve("run"));
    Files.writeString(run.resolve("timeline.jsonl"), "");
    Ended ended = Ended.of("report", run.toString());
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("is no run's folder: it needs drill.yaml");
    Files.delete(run.resolve("timeline.jsonl"));
    ended = Ended.of("report", run.toString());
    assertThat(ended.exit()).isEqualTo(64);
    assertThat(ended.errors()).contains("is no run's folder: there is no timeline.jsonl in it");
  }
}
