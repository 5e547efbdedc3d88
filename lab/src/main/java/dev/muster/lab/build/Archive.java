package dev.muster.lab.build;

import dev.muster.lab.host.Command;
import dev.muster.lab.host.Digests;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a docker-archive: config, layers and manifest in one tar, which containerd imports. Order,
 * times, owners and rights in it are fixed, and no link is one there.
 */
public record Archive(Path folder) {
  /** Part of the cache's key: what an earlier form wrote is written anew. */
  static final String FORM = "3";

  // maps have another order in each JVM
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

  void write(
      Path archive,
      Images.Definition definition,
      @Nullable Path base,
      List<Map.Entry<Path, String>> files)
      throws IOException {
    Path work = Files.createTempDirectory(folder, "image");
    try {
      SortedMap<String, Path> layers = new TreeMap<>(); // by name, and so the base first
      if (base != null) {
        layers.put("base.tar", base);
      }
      layers.put("content.tar", tar(work.resolve("content.tar"), content(files)));
      List<String> diffs = layers.values().stream().map(l -> "sha256:" + Digests.file(l)).toList();
      SortedMap<String, Path> out = new TreeMap<>(layers);
      put(
          out,
          work,
          "config.json",
          Map.of(
              "architecture",
              architecture(System.getProperty("os.arch")),
              "os",
              "linux",
              "config",
              config(definition),
              "rootfs",
              Map.of("type", "layers", "diff_ids", diffs)));
      put(
          out,
          work,
          "manifest.json",
          List.of(
              Map.of(
                  "Config",
                  "config.json",
                  "RepoTags",
                  List.of(definition.name()),
                  "Layers",
                  List.copyOf(layers.keySet()))));
      Path fresh = tar(work.resolve("image.tar"), out);
      Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Command.run("rm", "-rf", work.toString());
    }
  }

  private static void put(Map<String, Path> out, Path work, String name, Object json)
      throws IOException {
    out.put(name, Files.writeString(work.resolve(name), JSON.writeValueAsString(json)));
  }

  /** What stands where in the layer; the name of a folder ends with a slash. */
  private static SortedMap<String, Path> content(List<Map.Entry<Path, String>> files)
      throws IOException {
    SortedMap<String, Path> content = new TreeMap<>();
    for (Map.Entry<Path, String> file : files) {
      String target = file.getValue().substring(1);
      for (int i = target.indexOf('/'); i >= 0; i = target.indexOf('/', i + 1)) {
        content.put(target.substring(0, i + 1), file.getKey());
      }
      Path source = file.getKey();
      try (Stream<Path> found = Files.walk(source, FileVisitOption.FOLLOW_LINKS)) {
        for (Path each : (Iterable<Path>) found::iterator) {
          String below = each.equals(source) ? "" : "/" + source.relativize(each);
          content.put(target + below + (Files.isDirectory(each) ? "/" : ""), each);
        }
      }
    }
    return content;
  }

  private static Path tar(Path file, SortedMap<String, Path> entries) throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(file));
        var tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      for (Map.Entry<String, Path> each : entries.entrySet()) {
        var entry = new TarArchiveEntry(each.getKey());
        entry.setModTime(0);
        entry.setIds(0, 0);
        entry.setNames("", "");
        if (entry.isDirectory()) {
          entry.setMode(040755);
          tar.putArchiveEntry(entry);
        } else {
          entry.setMode(executable(each.getValue()) ? 0100755 : 0100644);
          entry.setSize(Files.size(each.getValue()));
          tar.putArchiveEntry(entry);
          Files.copy(each.getValue(), tar);
        }
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  private static boolean executable(Path file) throws IOException {
    return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_EXECUTE);
  }

  private static Map<String, Object> config(Images.Definition definition) {
    List<String> environment =
        new ArrayList<>(List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin:/jre/bin"));
    Map<String, Object> config = new HashMap<>();
    config.put("Entrypoint", definition.command());
    config.put("Env", environment);
    Images.RunAs runAs = definition.runAs();
    if (runAs != null) {
      environment.addAll(runAs.environment());
      config.put("User", runAs.user());
    }
    return config;
  }

  /** The OCI image specification takes Go's names, Java has its own. */
  public static String architecture(String java) {
    return switch (java) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> java;
    };
  }
}
