package dev.muster.engine;

import java.nio.file.Path;
import java.util.Map;

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
}
