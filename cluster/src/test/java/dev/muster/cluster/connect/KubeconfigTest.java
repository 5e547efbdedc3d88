package dev.muster.cluster.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {
  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static void refused(Path file, String message) {
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> Kubeconfig.read(file))
        .withMessage(message.replace("FILE", file.toString()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                     | it is empty
          '# only words\\n\\n'   | it is empty
          'hello\\nworld'        | it has no fields
          '- a'                  | it has no fields
          'a\\1b'                | it is binary
          'foo: [bar'            | line 1, column 10: not readable as YAML: expected ',' or ']', but got <stream end>
          'a: 1\\na: 2'          | line 2, column 1: field "a" stands here a second time
          'a: 1\\n---\\nb: 2'    | line 3, column 1: a second document; one was expected
          'kind: Drill'          | line 1, column 7: kind can not be "Drill"; it must be "Config"
          'contexts: x'          | line 1, column 11: contexts must be a list, not "x"
          'contexts: [{}]'       | line 1, column 12: contexts[0] lacks "name"
          'users: [{name: u, user: {exec: [a]}}]' | line 1, column 32: users[0].user.exec must be a mapping, not a list
          """)
  void aFileThatIsNone(String text, String why) throws IOException {
    refused(file("k", text.translateEscapes()), "FILE is no kubeconfig: " + why);
  }

  @Test
  void aFileThatIsNoText() throws IOException {
    Path file = Files.write(folder.resolve("k"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    refused(file, "FILE is no kubeconfig: it is binary");
  }

  @Test
  void aFileThatCanNotBeRead() throws IOException {
    refused(folder.resolve("none"), "can not read the kubeconfig FILE: no such file or folder");
    refused(folder, "FILE is no kubeconfig: it is a directory");
    refused(Path.of("/dev/null"), "FILE is no kubeconfig: it is no regular file");
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    refused(
        loop,
        "can not read the kubeconfig FILE: Too many levels of symbolic links or unable to access attributes of symbolic link");
  }

  @Test
  void listsThatToolsWriteAsNullAreEmpty() throws IOException {
    Path file = file("k", "kind: Config\ncontexts: null\nclusters: null\nusers: null\n");
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> Kubeconfig.read(file).context(null))
        .withMessage(file + ": it has no current-context: name one by --context; there is none");
  }

  @Test
  void aContextThatIsNotThere() throws IOException {
    Path file = file("k", "current-context: z\ncontexts: [{name: a}, {name: b}]");
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> Kubeconfig.read(file).context(null))
        .withMessage(file + ": its current-context is z, which it does not have; there is [a, b]");
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> Kubeconfig.read(file).context("c"))
        .withMessage("no context c in " + file + "; there is [a, b]");
    assertThat(Kubeconfig.read(file).context("b")).isEqualTo("b");
  }

  @Test
  void ofSeveralFilesTheFirstThatHasTheContext() throws IOException {
    Path none = folder.resolve("none");
    Path one = file("one", "contexts: [{name: a}]");
    Path two = file("two", "contexts: [{name: b}]");
    Path three = file("three", "contexts: [{name: b}]");
    List<Path> all = List.of(none, one, two, three);
    assertThat(Kubeconfig.holding("b", all)).isEqualTo(two);
    assertThat(Kubeconfig.holding("a", all)).isEqualTo(one);
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> Kubeconfig.holding("c", List.of(none, one, two)))
        .withMessage("no context c in %s, %s, %s; there is [a, b]".formatted(none, one, two));
    assertThatExceptionOfType(ClusterException.class)
        .isThrownBy(() -> Kubeconfig.holding("c", List.of(none)))
        .withMessage("can not read the kubeconfig " + none + ": no such file or folder");
  }
}
