package dev.muster.drill;

import dev.muster.chaosmesh.ChaosMeshFile;
import dev.muster.source.Problem;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads drill files, and those of Chaos Mesh as the drills that they can be made into. A file with
 * anything wrong is refused as a whole, with every problem at its line and column.
 */
public final class DrillFile {
  private static final SourceSchema SCHEMA =
      SourceSchema.of(DrillFile.class, "drill.schema.json", "a drill");

  private static final Duration LONGEST = Duration.ofHours(1000);

  /** Of a file: a drill of people is some kilobytes, with a chart's values in it some more. */
  static final int LARGEST = 1 << 20;

  private static final String READY = "ready drills are in drills/";

  /** As the schema has them: what it refuses is not told once more by a rule between numbers. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");

  private DrillFile() {}

  /**
   * @throws DrillException if the file can not be read or is not a valid drill
   */
  public static Drill read(Path file) {
    var source = source(file);
    try {
      return parse(source.text, source.name);
    } catch (DrillException e) {
      if (source.name.equals(file.toString())) {
        throw e;
      }
      // places in what nobody has seen would help nobody
      throw new DrillException(
          e.problems().stream()
              .map(p -> "the drill that it becomes is refused: " + p.message())
              .map(message -> new Problem(file.toString(), 1, 1, message))
              .toList());
    }
  }

  /**
   * The drill in a run's folder. It was run, so it is read as it stands, also where a drill that is
   * still to be run would be refused for asking what nobody can answer.
   *
   * @throws DrillException if the file can not be read or is not a drill
   */
  public static Drill readKept(Path file) {
    return parseKept(written(file), file.toString());
  }

  /**
   * @param name of the file, for messages
   * @throws DrillException if the text is not a valid drill, or makes no sense
   */
  public static Drill parse(String text, String name) {
    return parse(text, name, true);
  }

  /** As {@link #readKept}, of a text. */
  public static Drill parseKept(String text, String name) {
    return parse(text, name, false);
  }

  private static Drill parse(String text, String name, boolean toBeRun) {
    var tree = SourceTree.of(text, name);
    var problems = new ArrayList<>(tree.problems());
    if (tree.root().path("kind").asString("").endsWith("List") && tree.root().has("items")) {
      problems.add(
          tree.at(
              "/kind",
              "a List of objects; a drill file is one drill: write it alone, without"
                  + " \"items\""));
    } else if (!tree.root().isMissingNode()) {
      problems.addAll(SCHEMA.problems(tree));
      problems.addAll(DrillRules.problems(tree));
      if (toBeRun) {
        problems.addAll(SenseRules.problems(tree));
      }
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
      throw new DrillException(problems.stream().distinct().toList());
    }
    var drill = new DrillReader(tree).drill();
    drill.steps().stream()
        .map(Step::expected)
        .reduce(Duration::plus)
        .filter(lasting -> lasting.compareTo(LONGEST) > 0)
        .ifPresent(lasting -> {
          var problem = "it would take " + lasting.toHours() + " h, and a drill takes 1000 at most";
          throw new DrillException(List.of(tree.at("/faults", problem)));
        });
    return drill;
  }

  /**
   * The drill's YAML: the file as it stands, or what a file of Chaos Mesh is made into. A run keeps
   * this, so that its folder can be read without knowing where the drill came from.
   *
   * @throws DrillException if the file can not be read, or has what a drill can not honour
   */
  public static String text(Path file) {
    return source(file).text;
  }

  /**
   * @param name for messages: places in a conversion must not look like places in the file
   */
  private record Source(String text, String name) {}

  private static Source source(Path file) {
    String written = written(file);
    if (!ChaosMeshFile.isOne(written)) {
      return new Source(written, file.toString());
    }
    var conversion = ChaosMeshFile.convert(written, file.toString());
    if (!conversion.problems().isEmpty()) {
      throw new DrillException(conversion.problems());
    }
    return new Source(conversion.drill(), file + " (converted)");
  }

  /**
   * Something that only a cluster could tell about a valid drill, at its place in the file.
   *
   * @param pointer a JSON pointer, like {@code /target/selector}
   */
  public static Problem problem(Path file, String pointer, String message) {
    var source = source(file);
    return SourceTree.of(source.text, source.name).at(pointer, message);
  }

  /** The JSON Schema that the parser uses, for editors and for publication. */
  public static String schema() {
    return SCHEMA.text();
  }

  /** {@code 10/s} as 10.0; null where it is no rate. */
  static @Nullable Double rate(JsonNode node) {
    return number(node, "/s");
  }

  /** {@code 99.9%} as 99.9; null where it is no percentage. */
  static @Nullable Double percent(JsonNode node) {
    return number(node, "%");
  }

  private static @Nullable Double number(JsonNode node, String unit) {
    var text = node.asString("");
    if (!text.endsWith(unit)) {
      return null;
    }
    var number = text.substring(0, text.length() - unit.length());
    return NUMBER.matcher(number).matches() ? Double.valueOf(number) : null;
  }

  private static String written(Path file) {
    if (Files.isDirectory(file)) {
      throw refused(file, "is a folder, a drill is a file; " + READY);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw refused(file, "is a pipe or device; a drill is read more than once: save it as a file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST + 1); // the size that a file has may be another
      if (bytes.length > LARGEST) {
        throw refused(file, "larger than 1 MiB; a drill is a few kilobytes of YAML");
      }
      return text(file, bytes);
    } catch (NoSuchFileException e) {
      throw refused(file, "no such file; " + READY);
    } catch (IOException e) {
      throw refused(file, "can not be read: " + Trouble.why(e));
    }
  }

  private static String text(Path file, byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError()) {
      var before = new String(bytes, 0, in.position(), StandardCharsets.UTF_8);
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      int column = before.length() - before.lastIndexOf('\n');
      throw new DrillException(
          List.of(new Problem(file.toString(), line, column, "not UTF-8 text; save it as UTF-8")));
    }
    var text = out.flip().toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text; // as some editors mark UTF-8
  }

  private static DrillException refused(Path file, String message) {
    return new DrillException(List.of(new Problem(file.toString(), 0, 0, message)));
  }
}
