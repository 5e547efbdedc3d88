package dev.muster.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The short drill as a file, for one lab and one set of values. */
final class ForeignDrill {
  private ForeignDrill() {}

  /**
   * @param values Helm values as flow YAML, like {@code {tolerationSeconds: 300}}
   */
  static Path write(Path folder, String lab, String endpoint, Path power, String values) {
    try (InputStream in =
        Objects.requireNonNull(ForeignDrill.class.getResourceAsStream("/drills/short.yaml"))) {
      String drill =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("${values}", values)
              .replace("${power}", power.toString())
              .replace("${lab}", lab)
              .replace("${endpoint}", endpoint);
      return Files.writeString(folder.resolve("short.yaml"), drill);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
