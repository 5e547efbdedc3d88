package dev.muster.lab.build;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The helm of this host, which is used where the cache has none: it need not be compiled. */
final class InstalledHelm {
  private static final int OLDEST_MINOR = 12;

  private InstalledHelm() {}

  /** Null where there is none, or none that will do. */
  static @Nullable Path find() {
    Path helm = Doctor.onPath("helm");
    String told =
        helm == null ? null : Doctor.version("helm", "version", "--template={{.Version}}");
    return told != null && willDo(told) ? helm : null;
  }

  /**
   * Helm 3, from 3.12 on: what charts and drills are tested with is of that kind, and the next
   * major version has other options.
   */
  static boolean willDo(String told) {
    String version = told.strip();
    return version.startsWith("v3.") && Makers.atLeast(version, 3, OLDEST_MINOR);
  }
}
