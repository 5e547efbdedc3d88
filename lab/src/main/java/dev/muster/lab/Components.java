package dev.muster.lab;

import dev.muster.drill.Progress;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The Go programs of the lab, compiled once from {@code kubernetes/<set>/go.mod} with Go's own tool
 * directives and kept in the cache. Safe for several Musters at once: one builds, the others wait.
 */
public final class Components {
  /** Packages that a build of everything names, for the estimate only (counted for 1.37.2). */
  private static final int PACKAGES = 2600;

  /** Linker flags of what needs no version linked into it: no symbols. */
  static final String PLAIN = "-s -w";

  /** Prometheus without the ways of clouds to find targets, which are most of its dependencies. */
  private static final String DISCOVERIES = "remove_all_sd,enable_kubernetes_sd,enable_dns_sd";

  private static final List<String> PROGRAMS =
      List.of(
          "kube-apiserver",
          "kube-controller-manager",
          "kube-scheduler",
          "kubelet",
          "kube-proxy",
          "kubectl");

  private final Path recipes;
  private final Path cache;
  private final Progress progress;

  /** Takes the source tree and the cache folder. */
  public Components(Path dist, Path cache, Progress progress) {
    this.recipes = dist.resolve("kubernetes");
    this.cache = cache.resolve("bin");
    this.progress = progress;
  }

  /** The full version for 1.37, 1.26.15 …; the newest patch that there is a recipe for. */
  public String version(String wanted) {
    List<String> known = known();
    return known.stream()
        .filter(v -> v.equals(wanted) || v.startsWith(wanted + "."))
        .reduce((a, b) -> b)
        .orElseThrow(() ->
            new WrongLabException(
                "no recipe for Kubernetes " + wanted + "; there is " + String.join(", ", known)));
  }

  /** Whether the programs of a version were compiled before, by a recipe of now or of then. */
  public boolean ready(String wanted) {
    return Files.exists(cache.resolve(version(wanted)).resolve(".key"));
  }

  /** Builds what is missing; about 13 minutes on 2 cores the first time, then nothing. */
  public Binaries ensure(String version) {
    String full = version(version);
    return withRest(full, build(full, kubernetesFlags(full)));
  }

  /** The user's own Kubernetes programs instead of ours; the rest is built as usual. */
  public Binaries given(Path folder) {
    return withRest(versionOf(folder), folder.toAbsolutePath());
  }

  /**
   * What the user's own Kubernetes programs are.
   *
   * @param folder with kube-apiserver, kube-controller-manager, kube-scheduler, kubelet, kube-proxy
   *     and kubectl
   * @throws LabException if one is missing, or does not tell its version
   */
  public String versionOf(Path folder) {
    for (String program : PROGRAMS) {
      if (!Files.isExecutable(folder.resolve(program))) {
        throw new WrongLabException(
            "no program "
                + program
                + " in "
                + folder
                + "; needed are "
                + String.join(", ", PROGRAMS));
      }
    }
    String told = Command.run(folder.resolve("kube-apiserver").toString(), "--version").strip();
    String version = told.substring(told.lastIndexOf('v') + 1);
    if (!version.matches("1\\.\\d+\\.\\d+.*")) {
      throw new LabException(folder + "/kube-apiserver says it is '" + told + "', not a version");
    }
    return version;
  }

  /** What runs in every lab, whosever Kubernetes it is. */
  private Binaries withRest(String version, Path kubernetes) {
    build("coredns", PLAIN);
    Path contour = build("contour", PLAIN);
    return new Binaries(version, kubernetes, helm(), contourCrds(contour));
  }

  /** What charts/monitoring needs of Go programs. */
  public void monitoring() {
    build("kube-state-metrics", PLAIN);
    build("prometheus", PLAIN, "-tags", DISCOVERIES);
  }

  /** helm alone, for a cluster that is not the lab. */
  public Path helm() {
    return build("helm", PLAIN).resolve("helm");
  }

  Path program(String set, String name) {
    return cache.resolve(set).resolve(name);
  }

  /** Compiles {@code kubernetes/SET} if that was not done before. */
  Path build(String set, String linkerFlags, String... more) {
    Path recipe = recipes.resolve(set);
    Path done = cache.resolve(set);
    try {
      String key =
          Digests.text(
              linkerFlags
                  + String.join(" ", more)
                  + Files.readString(recipe.resolve("go.mod"))
                  + Files.readString(recipe.resolve("go.sum")));
      if (isDone(done, key)) {
        return done;
      }
      Files.createDirectories(cache);
      try (FileChannel channel =
          FileChannel.open(
              cache.resolve(set + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        var lock = channel.tryLock();
        if (lock == null) {
          progress.say("another Muster builds " + set + "; waiting for it");
          lock = channel.lock();
        }
        try (var _ = lock) {
          if (!isDone(done, key)) {
            compile(set, recipe, done, linkerFlags, more);
            Files.writeString(done.resolve(".key"), key);
          }
        }
      }
      return done;
    } catch (IOException e) {
      throw new LabException("can not build " + set + ": " + e.getMessage());
    }
  }

  private static boolean isDone(Path done, String key) throws IOException {
    Path kept = done.resolve(".key");
    return Files.exists(kept) && Files.readString(kept).equals(key);
  }

  private void compile(String set, Path recipe, Path done, String linkerFlags, String... more)
      throws IOException {
    Path fresh = cache.resolve(set + ".new");
    Command.run("rm", "-rf", fresh.toString());
    Files.createDirectories(fresh);
    progress.say("compiling " + set + " from source, once");
    List<String> command =
        new ArrayList<>(List.of("go", "build", "-v", "-trimpath", "-ldflags", linkerFlags));
    command.addAll(List.of(more));
    command.addAll(List.of("-o", fresh + "/", "tool"));
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(recipe.toFile()).redirectErrorStream(true);
    builder.environment().put("CGO_ENABLED", "0");
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new LabException(
          "Go 1.26 or newer is needed to compile " + set + "; see: muster doctor");
    }
    List<String> tail = new ArrayList<>();
    int packages = 0;
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        tail.add(line);
        if (tail.size() > 20) {
          tail.removeFirst();
        }
        packages++;
        if (packages % 100 == 0) {
          progress.say(
              "compiling %s: %d packages (at most about %d)".formatted(set, packages, PACKAGES));
        }
      }
      if (process.waitFor() != 0) {
        throw new LabException("compiling " + set + " failed:\n" + String.join("\n", tail));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while compiling " + set);
    }
    Command.run("rm", "-rf", done.toString());
    Files.move(fresh, done);
  }

  /**
   * The ingress controller's CRDs stand beside its source; kept, because Go's module cache may be
   * cleaned.
   */
  private Path contourCrds(Path contour) {
    Path kept = contour.resolve("crds.yaml");
    if (Files.exists(kept)) {
      return kept;
    }
    Command.Result module =
        Command.tried(
            List.of(
                "go",
                "-C",
                recipes.resolve("contour").toString(),
                "mod",
                "download",
                "-json",
                "github.com/projectcontour/contour"),
            java.util.Map.of());
    String folder =
        new tools.jackson.databind.json.JsonMapper()
            .readTree(module.output())
            .path("Dir")
            .asString("");
    try {
      Files.copy(Path.of(folder, "examples/contour/01-crds.yaml"), kept);
      return kept;
    } catch (IOException e) {
      throw new LabException("can not find Contour's CRDs: " + e.getMessage());
    }
  }

  /** Without these the API server says v0.0.0 and clients refuse it. */
  private static String kubernetesFlags(String version) {
    String[] parts = version.split("\\.", -1);
    StringBuilder flags = new StringBuilder(PLAIN);
    for (String where : List.of("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")) {
      flags.append(" -X ").append(where).append(".gitVersion=v").append(version);
      flags.append(" -X ").append(where).append(".gitMajor=").append(parts[0]);
      flags.append(" -X ").append(where).append(".gitMinor=").append(parts[1]);
    }
    return flags.toString();
  }

  private List<String> known() {
    try (Stream<Path> sets = Files.list(recipes)) {
      return sets.map(p -> p.getFileName().toString())
          .filter(n -> Character.isDigit(n.charAt(0)))
          .sorted(java.util.Comparator.comparingInt(Boot::minor))
          .toList();
    } catch (IOException e) {
      throw new LabException("no recipes in " + recipes + ": " + e.getMessage());
    }
  }
}
