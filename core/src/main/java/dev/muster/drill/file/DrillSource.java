package dev.muster.drill.file;

import dev.muster.chaosmesh.ChaosMeshFile;
import dev.muster.drill.Drill;
import dev.muster.source.Problem;
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
import java.util.List;

/**
 * A drill as it was written, read once: from a file or from standard input.
 *
 * @param text the drill's YAML: as it stands, or what a file of Chaos Mesh is made into. A run
 *     keeps this, so that its folder can be read without knowing where the drill came from
 * @param file where it came from, for messages
 * @param converted from a file of Chaos Mesh: places in the text are none in the file
 */
public record DrillSource(String text, String file, boolean converted) {
  /** The name by which a drill on standard input is asked for. */
  public static final Path STANDARD_INPUT = Path.of("-");

  /** In bytes: a drill of people is some kilobytes, with a chart's values in it some more. */
  static final int LARGEST = 1 << 20;

  private static final String READY = "ready drills are in drills/";

  /**
   * @throws DrillException if the file cannot be read, or has what a drill cannot honour
   */
  public static DrillSource of(Path file) {
    return of(written(file), file.toString());
  }

  /**
   * @param in is read to its end where the file is {@link #STANDARD_INPUT}, and left alone
   *     otherwise
   * @throws DrillException if it cannot be read, or has what a drill cannot honour
   */
  public static DrillSource of(Path file, InputStream in) {
    if (!file.equals(STANDARD_INPUT)) {
      return of(file);
    }
    String name = "standard input";
    try {
      return of(text(in, name), name);
    } catch (IOException e) {
      throw refused(name, "can not be read: " + Trouble.why(e));
    }
  }

  private static DrillSource of(String written, String file) {
    if (!ChaosMeshFile.isOne(written)) {
      return new DrillSource(written, file, false);
    }
    var conversion = ChaosMeshFile.convert(written, file);
    if (!conversion.problems().isEmpty()) {
      throw new DrillException(conversion.problems());
    }
    return new DrillSource(conversion.drill(), file, true);
  }

  /**
   * @throws DrillException if it is not a valid drill
   */
  public Drill drill() {
    try {
      return DrillFile.parse(text, name());
    } catch (DrillException e) {
      if (!converted) {
        throw e;
      }
      // places in what nobody has seen would help nobody
      throw new DrillException(
          e.problems().stream()
              .map(p -> "the drill that it becomes is refused: " + p.message())
              .map(message -> new Problem(file, 1, 1, message))
              .toList());
    }
  }

  /**
   * Something that only a cluster could tell about a valid drill, at its place in the file.
   *
   * @param pointer a JSON pointer, like {@code /target/selector}
   */
  public Problem problem(String pointer, String message) {
    return SourceTree.of(text, name()).at(pointer, message);
  }

  /** Places in a conversion must not look like places in the file. */
  private String name() {
    return converted ? file + " (converted)" : file;
  }

  static String written(Path file) {
    String name = file.toString();
    if (Files.isDirectory(file)) {
      throw refused(name, "is a folder, a drill is a file; " + READY);
    }
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw refused(
          name, "is a pipe or device; save it as a file, or give it on standard input as -");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return text(in, name);
    } catch (NoSuchFileException e) {
      throw refused(name, "no such file; " + READY);
    } catch (IOException e) {
      throw refused(name, "can not be read: " + Trouble.why(e));
    }
  }

  private static String text(InputStream in, String name) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST + 1); // the size that a file has may be another
    if (bytes.length > LARGEST) {
      throw refused(name, "larger than 1 MiB; a drill is a few kilobytes of YAML");
    }
    var encoded = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    if (StandardCharsets.UTF_8.newDecoder().decode(encoded, out, true).isError()) {
      var before = new String(bytes, 0, encoded.position(), StandardCharsets.UTF_8);
      int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
      int column = before.length() - before.lastIndexOf('\n');
      throw new DrillException(
          List.of(new Problem(name, line, column, "not UTF-8 text; save it as UTF-8")));
    }
    var text = out.flip().toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text; // as some editors mark UTF-8
  }

  private static DrillException refused(String name, String message) {
    return new DrillException(List.of(new Problem(name, 0, 0, message)));
  }
}
