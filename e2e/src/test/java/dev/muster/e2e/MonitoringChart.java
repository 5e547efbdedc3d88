package dev.muster.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** charts/monitoring as its tests read it, and the programs of Prometheus that judge it. */
final class MonitoringChart {
  static final Path FOLDER = Path.of("../charts/monitoring").toAbsolutePath().normalize();
  static final YAMLMapper YAML = new YAMLMapper();

  private static final Pattern STRING =
      Pattern.compile("\"(\\\\.|[^\"\\\\])*\"|'(\\\\.|[^'\\\\])*'");
  private static final Pattern NO_NAMES =
      Pattern.compile(
          "\\{[^}]*}|\\[[^]]*]|\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern NAME =
      Pattern.compile("(?<![0-9A-Za-z_:.])[A-Za-z_:][0-9A-Za-z_:]*(?!\\s*\\()(?![0-9A-Za-z_:])");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

  private MonitoringChart() {}

  /** Where Muster keeps the programs that it built. */
  static Path programs() {
    String cache = System.getenv("MUSTER_CACHE");
    return (cache == null
            ? Path.of(System.getProperty("user.home"), ".cache/muster")
            : Path.of(cache))
        .resolve("bin");
  }

  static List<Path> files(String folder, String extension) throws IOException {
    try (Stream<Path> all = Files.list(FOLDER.resolve(folder))) {
      List<Path> found = all.filter(f -> f.toString().endsWith(extension)).sorted().toList();
      assertThat(found).isNotEmpty();
      return found;
    }
  }

  /** The rules of all groups of all files. */
  static List<JsonNode> rules() throws IOException {
    List<JsonNode> rules = new ArrayList<>();
    for (Path file : files("rules", ".yaml")) {
      for (JsonNode group : YAML.readTree(Files.readString(file)).path("groups")) {
        group.path("rules").forEach(rules::add);
      }
    }
    assertThat(rules).isNotEmpty();
    return rules;
  }

  /** Names that the Prometheus of a real drill knew, and those that rules record. */
  static Set<String> knownMetrics() throws IOException {
    Set<String> names = new TreeSet<>(seenMetrics());
    names.addAll(announcedMetrics());
    return names;
  }

  /** Of these it had series. */
  static Set<String> seenMetrics() throws IOException {
    return lines("");
  }

  /** Of these it has series only while it is so of something. */
  static Set<String> announcedMetrics() throws IOException {
    return lines("? ");
  }

  private static Set<String> lines(String mark) throws IOException {
    Set<String> names = new TreeSet<>();
    Files.readAllLines(FOLDER.resolve("tests/metrics.txt")).stream()
        .filter(line -> line.matches(Pattern.quote(mark) + "[\\w:]+"))
        .map(line -> line.substring(mark.length()))
        .forEach(names::add);
    return names;
  }

  /** Names of the metrics that an expression asks for. */
  static Set<String> metrics(String expression) {
    String bare = STRING.matcher(expression).replaceAll("");
    bare = NO_NAMES.matcher(bare).replaceAll(" ");
    Set<String> names = new TreeSet<>();
    for (Matcher name = NAME.matcher(bare); name.find(); ) {
      if (!WORDS.contains(name.group())) {
        names.add(name.group());
      }
    }
    return names;
  }

  /**
   * Runs promtool, which is built with the lab's Prometheus, or Debian's amtool, and fails with
   * what it says; where it is missing the test is skipped.
   */
  static void accepts(String program, List<String> arguments)
      throws IOException, InterruptedException {
    Optional<Path> found =
        Stream.concat(
                Stream.of(programs().resolve("prometheus")),
                Arrays.stream(System.getenv("PATH").split(":", -1)).map(Path::of))
            .map(folder -> folder.resolve(program))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(
        found.isPresent(),
        "no "
            + program
            + ": ./muster images build makes promtool, apt-get install prometheus-alertmanager"
            + " brings amtool");
    List<String> command = new ArrayList<>(List.of(found.orElseThrow().toString()));
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(String.join(" ", command) + "\n" + output).isZero();
  }
}
