package dev.muster.drill;

import dev.muster.chaosmesh.ChaosMeshFile;
import dev.muster.source.Problem;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

  private static final String READY = "ready drills are in drills/";

  /** As the schema has them: what it refuses is not told once more by a rule between numbers. */
  private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.[0-9]+)?");

  private DrillFile() {}

  /**
   * @throws DrillException if the file can not be read or is not a valid drill
   */
  public static Drill read(Path file) {
    var source = source(file);
    return parse(source.text, source.name);
  }

  /**
   * @param name of the file, for messages
   * @throws DrillException if the text is not a valid drill
   */
  public static Drill parse(String text, String name) {
    var tree = SourceTree.of(text, name);
    var problems = new ArrayList<>(tree.problems());
    if (!tree.root().isMissingNode()) {
      problems.addAll(SCHEMA.problems(tree));
      problems.addAll(DrillRules.problems(tree));
    }
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
      throw new DrillException(problems.stream().distinct().toList());
    }
    return new DrillReader(tree).drill();
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
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw refused(file, "no such file; " + READY);
    } catch (CharacterCodingException e) {
      throw refused(file, "not UTF-8 text");
    } catch (IOException e) {
      throw refused(file, "can not be read: " + Trouble.why(e));
    }
  }

  private static DrillException refused(Path file, String message) {
    return new DrillException(List.of(new Problem(file.toString(), 0, 0, message)));
  }
}
