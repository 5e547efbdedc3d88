package dev.muster.engine.home;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Where Muster keeps things.
 *
 * @param root {@code $MUSTER_HOME}, default {@code ~/.local/share/muster}
 * @param cache {@code $MUSTER_CACHE}, default {@code ~/.cache/muster}: may be deleted at any time
 * @param dist the source tree with charts, images and kubernetes
 */
public record Home(Path root, Path cache, Path dist) {

  public static Home of(Map<String, String> environment, Path userHome, Path dist) {
    return new Home(
        folder(environment, "MUSTER_HOME", userHome.resolve(".local/share/muster")),
        folder(environment, "MUSTER_CACHE", userHome.resolve(".cache/muster")),
        dist);
  }

  private static Path folder(Map<String, String> environment, String variable, Path otherwise) {
    String value = environment.get(variable);
    return (value == null || value.isBlank() ? otherwise : Path.of(value)).toAbsolutePath();
  }

  public Path runs() {
    return root.resolve("runs");
  }

  public Path labs() {
    return root.resolve("labs");
  }

  /** Jars of JDBC drivers, which a user puts there. */
  public Path drivers() {
    return root.resolve("drivers");
  }

  /**
   * Itself, where it can hold runs and labs or is not there yet: what cannot be read must not be
   * taken for empty.
   *
   * @throws Refusal where it is no folder, or may not be read or made
   */
  public Home usable() {
    return usable(
        folder -> Files.isReadable(folder) && Files.isExecutable(folder),
        folder -> Files.isWritable(folder) && Files.isExecutable(folder));
  }

  /** With what may be read and written, which for root is everything. */
  Home usable(Predicate<Path> readable, Predicate<Path> writable) {
    for (Path folder : List.of(root, runs(), labs())) {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        throw refusal(folder + " is a file, not a folder");
      }
      if (Files.isDirectory(folder) && !readable.test(folder)) {
        throw refusal(folder + " can not be read: permission denied");
      }
    }
    Path above = root;
    while (!Files.exists(above) && above.getParent() != null) {
      above = above.getParent();
    }
    if (!above.equals(root) && !Files.isDirectory(above)) {
      throw refusal(root + " can not be made: " + above + " is a file, not a folder");
    }
    if (!above.equals(root) && !writable.test(above)) {
      throw refusal(root + " can not be made in " + above + ": permission denied");
    }
    return this;
  }

  private static Refusal refusal(String what) {
    return new Refusal(
        ExitCode.ENVIRONMENT,
        what
            + "; Muster keeps runs and labs there: mend it, or set MUSTER_HOME to a folder of"
            + " yours");
  }
}
