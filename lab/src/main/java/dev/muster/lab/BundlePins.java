package dev.muster.lab;

import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The bundles that this Muster vouches for: {@code kubernetes/bundle.yaml}.
 *
 * @param url where they are; empty where nobody offers them
 * @param sha256 by version, then architecture; hexadecimal
 */
public record BundlePins(String url, Map<String, Map<String, String>> sha256) {

  /** Of the source tree; nothing where it has no such file. */
  public static BundlePins of(Path dist) {
    Path file = dist.resolve("kubernetes/bundle.yaml");
    if (!Files.exists(file)) {
      return new BundlePins("", Map.of());
    }
    try {
      return new YAMLMapper().readValue(Files.readString(file), BundlePins.class);
    } catch (IOException e) {
      throw new LabException("can not read " + file + ": " + Trouble.why(e));
    } catch (JacksonException e) {
      throw new LabException("can not read " + file + ": " + e.getOriginalMessage());
    }
  }

  /** The digest that a bundle must have; null if none is pinned. */
  public @Nullable String digest(String version, String architecture) {
    return sha256.getOrDefault(version, Map.of()).get(architecture);
  }

  /**
   * The digest to be demanded: the pinned one, and where none is pinned the user's.
   *
   * @param given like {@code sha256:0a…}; null if the user gave none
   * @return hexadecimal; null where nobody knows it
   * @throws WrongLabException if the user's is no digest, or another than the pinned one
   */
  public @Nullable String demanded(String version, String architecture, @Nullable String given) {
    String pinned = digest(version, architecture);
    if (given == null) {
      return pinned;
    }
    String hex = given.startsWith("sha256:") ? given.substring("sha256:".length()) : given;
    if (!hex.matches("[0-9a-f]{64}")) {
      throw new WrongLabException(
          given + " is no digest like sha256:0123…, of 64 hexadecimal digits");
    }
    if (pinned != null && !pinned.equals(hex)) {
      throw new WrongLabException(
          "the digest given is sha256:%s, and kubernetes/bundle.yaml pins sha256:%s for %s on %s"
              .formatted(hex, pinned, version, architecture));
    }
    return hex;
  }
}
