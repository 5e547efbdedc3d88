package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

/** Every command that a document tells to type is one that Muster takes, with these options. */
class DocumentedCommandsTest {
  private static final Path ROOT =
      Path.of(Objects.requireNonNullElse(System.getProperty("muster.dist"), ".."));

  /** Where a command begins: of a line, of an item of CI's YAML, of a prompt. */
  private static final Pattern COMMAND =
      Pattern.compile("^\\s*(?:\\$ |- run: |run: |- )?(?:\\./)?muster ([a-z].*)$");

  /** What ends it, as a shell reads it: a comment, a pipe, a redirection, another command. */
  private static final Pattern END = Pattern.compile("\\s+(?:#|\\||>|&&).*$");

  /** Quoted as one word; what stands between is of the user's own machine. */
  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|\\S+");

  private static List<Path> documents() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : List.of("", "docs", "docs/scenarios")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(found::add);
      }
    }
    return found;
  }

  /** Lines between fences that begin with Muster's name. */
  private static List<String> commands(Path document) throws IOException {
    List<String> commands = new ArrayList<>();
    boolean code = false;
    for (String line : Files.readAllLines(document)) {
      if (line.startsWith("```")) {
        code = !code;
      } else if (code) {
        var command = COMMAND.matcher(line);
        if (command.matches()) {
          commands.add(END.matcher(command.group(1)).replaceFirst(""));
        }
      }
    }
    return commands;
  }

  private static String[] words(String command) {
    return WORD.matcher(command)
        .results()
        .map(m -> m.group().replaceFirst("^(['\"])(.*)\\1$", "$2"))
        .toArray(String[]::new);
  }

  private static boolean taken(String command) {
    try {
      Main.line().parseArgs(words(command));
      return true;
    } catch (ParameterException e) {
      return false;
    }
  }

  @Test
  void isTaken() throws IOException {
    List<String> refused = new ArrayList<>();
    int all = 0;
    for (Path document : documents()) {
      for (String command : commands(document)) {
        all++;
        if (!taken(command.replace("--no-install ", ""))) {
          refused.add(document.getFileName() + ": muster " + command);
        }
      }
    }
    assertThat(refused).isEmpty();
    assertThat(all).isGreaterThan(30);
  }

  @Test
  void whatIsNoneIsSeen() {
    assertThat(taken("run mine.yaml --context staging --dry-run")).isTrue();
    assertThat(Arrays.asList("run --contxt a mine.yaml", "lab upp", "init --model"))
        .noneMatch(DocumentedCommandsTest::taken);
  }
}
