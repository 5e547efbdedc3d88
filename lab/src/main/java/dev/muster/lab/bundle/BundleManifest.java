package dev.muster.lab.bundle;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a bundle holds: the first entry of its tar; the files follow in this order.
 *
 * @param version of Muster
 * @param architecture by Go's name, like amd64
 * @param kubernetes full version
 */
public record BundleManifest(
    int format, String version, String architecture, String kubernetes, List<Entry> files) {
  static final String NAME = "manifest.json";
  static final int FORMAT = 1;

  /** A manifest of a thousand files is well below. */
  static final int MOST_BYTES = 1 << 20;

  private static final int MOST_FILES = 1000;

  /** The largest that are made have 200 MB, and all together less than 2 GB. */
  static final long MOST_OF_ONE = 4L << 30;

  static final long MOST_OF_ALL = 16L << 30;

  /** No folder but two of the cache, and in them no way out. */
  private static final Pattern PATH =
      Pattern.compile(
          "(bin/NAME/NAME|images/NAME)".replace("NAME", "(?!\\.\\.?(/|$))[A-Za-z0-9._-]+"));

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * One file.
   *
   * @param path in the cache
   * @param size in bytes
   * @param sha256 in hexadecimal
   * @param component like kubernetes, helm, or the last part of an image's name
   * @param version of the component
   */
  public record Entry(String path, long size, String sha256, String component, String version) {}

  /** Of all files. */
  public long bytes() {
    return files.stream().mapToLong(Entry::size).sum();
  }

  /**
   * Refuses what is not for this Muster and this machine.
   *
   * @throws IOException saying for which it is
   */
  void refuseUnfit(String muster, String machine) throws IOException {
    if (!architecture.equals(machine)) {
      throw new IOException(
          "it is for %s, and this machine is %s".formatted(architecture, machine));
    }
    if (!version.equals(muster)) {
      throw new IOException("it is of Muster %s, and this is %s".formatted(version, muster));
    }
  }

  String json() {
    return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n";
  }

  /**
   * Reads what anybody may have written.
   *
   * @throws IOException saying what is wrong with it
   */
  static BundleManifest read(byte[] json) throws IOException {
    BundleManifest manifest;
    try {
      manifest = new JsonMapper().readValue(json, BundleManifest.class);
    } catch (JacksonException e) {
      throw new IOException("its manifest can not be read: " + e.getOriginalMessage());
    }
    if (!there(manifest)) {
      throw new IOException("its manifest is empty");
    }
    if (manifest.format != FORMAT) {
      throw new IOException(
          "its format is %d, this Muster reads %d".formatted(manifest.format, FORMAT));
    }
    String wrong = manifest.wrong();
    if (wrong != null) {
      throw new IOException("its manifest " + wrong);
    }
    return manifest;
  }

  /** What of it a bundle cannot have; null if nothing. */
  private @Nullable String wrong() {
    if (!there(version) || !there(architecture) || !there(kubernetes) || !there(files)) {
      return "lacks version, architecture, kubernetes or files";
    }
    if (files.isEmpty() || files.size() > MOST_FILES) {
      return "has %d files, not 1 to %d".formatted(files.size(), MOST_FILES);
    }
    Set<String> seen = new HashSet<>();
    for (Entry file : files) {
      if (!there(file) || !there(file.path) || !there(file.sha256)) {
        return "has a file without path or sha256";
      }
      if (!PATH.matcher(file.path).matches() || file.path.length() > 99) {
        return "has a path that is none of the cache: " + printable(file.path);
      }
      if (!seen.add(file.path)) {
        return "has " + file.path + " twice";
      }
      if (file.size < 0 || file.size > MOST_OF_ONE) {
        return "says that %s has %d bytes; no file of a bundle has more than %d"
            .formatted(file.path, file.size, MOST_OF_ONE);
      }
      if (!SHA256.matcher(file.sha256).matches()) {
        return "has no sha256 for " + file.path + ": " + printable(file.sha256);
      }
    }
    return bytes() > MOST_OF_ALL
        ? "has %d bytes of files, more than %d".formatted(bytes(), MOST_OF_ALL)
        : null;
  }

  /** What JSON says may be absent. */
  private static boolean there(@Nullable Object value) {
    return value != null;
  }

  private static String printable(String text) {
    String cut = text.length() > 200 ? text.substring(0, 200) + "…" : text;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }

  /** Programs may be executed, data not. */
  static boolean executable(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return path.startsWith("bin/") && !name.contains(".yaml") && !name.startsWith(".");
  }
}
