package dev.muster.lab.bundle;

import dev.muster.lab.host.LabException;
import dev.muster.lab.host.WrongLabException;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The bundles that this Muster vouches for: {@code kubernetes/bundle.yaml}.
 *
 * @param url where they are; empty where nobody offers them
 * @param sha256 by version, then architecture; hexadecimal
 */
public record BundlePins(String url, Map<String, Map<String, String>> sha256) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

  /** A field that is misspelt would pin nothing. */
  private static final YAMLMapper STRICT =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /** As somebody wrote it. */
  private record Written(
      @Nullable String url,
      @Nullable Map<String, @Nullable Map<String, @Nullable String>> sha256) {}

  /** Of the source tree; nothing where it has no such file. */
  public static BundlePins of(Path dist) {
    Path file = dist.resolve("kubernetes/bundle.yaml");
    if (!Files.exists(file)) {
      return new BundlePins("", Map.of());
    }
    try {
      return pins(STRICT.readValue(Files.readString(file), Written.class));
    } catch (IOException e) {
      throw new LabException("can not read " + file + ": " + Trouble.why(e));
    } catch (JacksonException e) {
      throw new LabException("can not read " + file + ": " + e.getOriginalMessage());
    }
  }

  /** A digest that is written in another way would be no bundle's. */
  private static BundlePins pins(@Nullable Written written) throws IOException {
    if (written == null || written.url == null || written.sha256 == null) {
      throw new IOException("it lacks url or sha256; where nothing is pinned it has sha256: {}");
    }
    String url = written.url;
    Map<String, Map<String, String>> pins = new HashMap<>();
    for (var version : written.sha256.entrySet()) {
      Map<String, @Nullable String> machines = version.getValue();
      if (machines == null) {
        throw new IOException("it has no architecture for " + version.getKey());
      }
      Map<String, String> ofVersion = new HashMap<>();
      for (var machine : machines.entrySet()) {
        String hex = machine.getValue();
        if (hex == null || !HEX.matcher(hex).matches()) {
          throw new IOException(
              "it has for %s on %s no SHA-256 of 64 hexadecimal digits, in lower case: %s"
                  .formatted(version.getKey(), machine.getKey(), hex));
        }
        ofVersion.put(machine.getKey(), hex);
      }
      pins.put(version.getKey(), ofVersion);
    }
    return new BundlePins(url, pins);
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
    if (!HEX.matcher(hex).matches()) {
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
