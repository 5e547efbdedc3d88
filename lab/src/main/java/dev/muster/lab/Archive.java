package dev.muster.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes a docker-archive: config, layers and manifest in one tar, which containerd imports. GNU
 * tar makes the tars, with fixed times, owners and order.
 */
record Archive(Path folder) {
  /** Part of the cache's key: what an earlier form wrote is written anew. */
  static final String FORM = "2";

  private static final List<String> REPRODUCIBLE =
      List.of(
          "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--format=gnu");

  void write(
      Path archive,
      Images.Definition definition,
      @Nullable Path base,
      List<Map.Entry<Path, String>> files)
      throws IOException {
    Path work = Files.createTempDirectory(folder, "image");
    try {
      Path content = Files.createDirectories(work.resolve("content"));
      for (Map.Entry<Path, String> file : files) {
        Path target = content.resolve(file.getValue().substring(1));
        Files.createDirectories(target.getParent());
        Command.run("cp", "-rL", file.getKey().toString(), target.toString());
      }
      Command.run("chmod", "-R", "a+rX", content.toString());
      Path out = Files.createDirectories(work.resolve("out"));
      List<String> layers = new ArrayList<>();
      if (base != null) {
        Files.createSymbolicLink(out.resolve("base.tar"), base);
        layers.add("base.tar");
      }
      tar(out.resolve("content.tar"), content);
      layers.add("content.tar");
      List<String> diffs =
          layers.stream().map(l -> "sha256:" + Digests.file(out.resolve(l))).toList();
      // maps have another order in each JVM
      JsonMapper json =
          JsonMapper.builder().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();
      Files.writeString(
          out.resolve("config.json"),
          json.writeValueAsString(
              Map.of(
                  "architecture",
                  architecture(System.getProperty("os.arch")),
                  "os",
                  "linux",
                  "config",
                  config(definition),
                  "rootfs",
                  Map.of("type", "layers", "diff_ids", diffs))));
      Files.writeString(
          out.resolve("manifest.json"),
          json.writeValueAsString(
              List.of(
                  Map.of(
                      "Config",
                      "config.json",
                      "RepoTags",
                      List.of(definition.name()),
                      "Layers",
                      layers))));
      Path fresh = work.resolve("image.tar");
      tar(fresh, out);
      Command.run("mv", fresh.toString(), archive.toString());
    } finally {
      Command.run("rm", "-rf", work.toString());
    }
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

  /**
   * Each entry by its own name: a tar of "." begins with an entry "./", which containerd takes and
   * Jib refuses as one that points outside.
   */
  private static void tar(Path file, Path folder) throws IOException {
    List<String> command = new ArrayList<>(List.of("tar", "-chf", file.toString()));
    command.addAll(REPRODUCIBLE);
    command.addAll(List.of("-C", folder.toString(), "--files-from=/dev/null", "--"));
    try (Stream<Path> entries = Files.list(folder)) {
      entries.map(e -> e.getFileName().toString()).sorted().forEach(command::add);
    }
    Command.run(command);
  }

  /** The OCI image specification takes Go's names, Java has its own. */
  static String architecture(String java) {
    return switch (java) {
      case "x86_64" -> "amd64";
      case "aarch64" -> "arm64";
      default -> java;
    };
  }
}
