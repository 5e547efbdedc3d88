package dev.muster.cluster.connect;

import dev.muster.source.Problem;
import dev.muster.source.SourceSchema;
import dev.muster.source.SourceTree;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A kubeconfig whose form is right, read before the client library sees the file: that puts an
 * address of its own where none is, and goes on without what it cannot read.
 */
public final class Kubeconfig {
  private static final long LARGEST = 16L << 20;
  private static final SourceSchema SCHEMA =
      SourceSchema.of(Kubeconfig.class, "kubeconfig.schema.json", "it");

  private final Path file;
  private final JsonNode root;

  private Kubeconfig(Path file, JsonNode root) {
    this.file = file;
    this.root = root;
  }

  /**
   * The first of the files that has the context. Where there are several, those that do not exist
   * are passed over, as kubectl does.
   *
   * @throws ClusterException if none has it, or one before it is no kubeconfig
   */
  public static Path holding(String context, List<Path> files) {
    List<String> others = new ArrayList<>();
    for (Path file : files) {
      if (files.size() > 1 && Files.notExists(file)) {
        continue;
      }
      List<String> names = read(file).names("context");
      if (names.contains(context)) {
        return file;
      }
      others.addAll(names);
    }
    String all = String.join(", ", files.stream().map(Path::toString).toList());
    throw new ClusterException("no context " + context + " in " + all + offered(others));
  }

  /**
   * @throws ClusterException if the file cannot be read or is no kubeconfig
   */
  static Kubeconfig read(Path file) {
    SourceTree tree = SourceTree.of(text(file), file.toString());
    List<Problem> problems = tree.problems();
    if (problems.isEmpty()) {
      if (!tree.root().isObject()) { // before the schema, whose message would quote all of it
        throw notOne(file, "it has no fields");
      }
      problems = SCHEMA.problems(tree);
    }
    if (!problems.isEmpty()) {
      Problem first = problems.getFirst();
      throw notOne(
          file, "line %d, column %d: %s".formatted(first.line(), first.column(), first.message()));
    }
    return new Kubeconfig(file, tree.root());
  }

  private static String text(Path file) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw notOne(file, Files.isDirectory(file) ? "it is a directory" : "it is no regular file");
      }
      if (Files.size(file) > LARGEST) {
        throw notOne(file, "it is larger than 16 MiB");
      }
      String text = Files.readString(file);
      if (text.chars().anyMatch(c -> Character.isISOControl(c) && !Character.isWhitespace(c))) {
        throw notOne(file, "it is binary");
      }
      if (text.lines().allMatch(line -> line.isBlank() || line.startsWith("#"))) {
        throw notOne(file, "it is empty");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw notOne(file, "it is binary");
    } catch (IOException e) {
      throw new ClusterException("can not read the kubeconfig " + file + ": " + Trouble.why(e));
    }
  }

  private static ClusterException notOne(Path file, String why) {
    return new ClusterException(file + " is no kubeconfig: " + why);
  }

  Path file() {
    return file;
  }

  /**
   * The name of a context.
   *
   * @param asked null: the current one
   * @throws ClusterException if the file has no such context
   */
  String context(@Nullable String asked) {
    List<String> names = names("context");
    String name = asked == null ? word(root, "current-context") : asked;
    if (name.isEmpty()) {
      throw wrong("it has no current-context: name one by --context" + offered(names));
    }
    if (!names.contains(name)) {
      throw asked == null
          ? wrong("its current-context is " + name + ", which it does not have" + offered(names))
          : new ClusterException("no context " + name + " in " + file + offered(names));
    }
    return name;
  }

  /**
   * The inside of an entry.
   *
   * @param kind context, cluster or user
   * @param by what names it, for the message
   * @throws ClusterException if the file has none of that name
   */
  JsonNode entry(String kind, String name, String by) {
    if (name.isEmpty()) {
      throw wrong(by + " names no " + kind);
    }
    return root.path(kind + "s")
        .valueStream()
        .filter(entry -> word(entry, "name").equals(name))
        .findFirst()
        .orElseThrow(() ->
            wrong(
                "%s names the %s %s, which is not in the file%s"
                    .formatted(by, kind, name, offered(names(kind)))))
        .path(kind);
  }

  private List<String> names(String kind) {
    return root.path(kind + "s").valueStream().map(entry -> word(entry, "name")).toList();
  }

  /** The text in a field; empty where it is not there. */
  static String word(JsonNode of, String field) {
    return of.path(field).asString("");
  }

  private static String offered(List<String> names) {
    return names.isEmpty() ? "; there is none" : "; there is " + names;
  }

  ClusterException wrong(String what) {
    return new ClusterException(file + ": " + what);
  }
}
