package dev.muster.lab.build;

import dev.muster.drill.port.Progress;
import dev.muster.lab.host.CacheLock;
import dev.muster.lab.host.Command;
import dev.muster.lab.host.Digests;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.WrongLabException;
import dev.muster.lab.node.Boot;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Go programs of the lab, compiled once from {@code kubernetes/<set>/go.mod} with Go's own tool
 * directives and kept in the cache. Safe for several Musters at once: one builds, the others wait.
 */
public final class Components {
  /** Beside the programs: by what they were made. */
  public static final String KEY = ".key";

  private static final String HELM = "helm";

  /** The ingress controller's resource definitions, which stand beside its source. */
  private static final String CRDS = "contour-crds";

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
  private final Supplier<@Nullable Path> installed;

  /** Takes the source tree and the cache folder. */
  public Components(Path dist, Path cache, Progress progress) {
    this(dist, cache, progress, InstalledHelm::find);
  }

  /**
   * @param installed the helm of this host; null where there is none that will do
   */
  Components(Path dist, Path cache, Progress progress, Supplier<@Nullable Path> installed) {
    this.installed = installed;
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

  /** The newest version that there is a recipe for. */
  public String newest() {
    return known().getLast();
  }

  /**
   * What a lab needs, by the names of the sets.
   *
   * @param version full; null where the user's own Kubernetes runs
   * @param charts with what installs them
   */
  public List<String> needed(@Nullable String version, boolean charts) {
    List<String> sets = new ArrayList<>();
    if (version != null) {
      sets.add(version);
    }
    sets.add(CRDS);
    if (charts) {
      sets.add(HELM);
    }
    return sets;
  }

  /** Which of these have to be made. */
  List<String> lacking(List<String> sets) {
    return sets.stream()
        .filter(set -> !isDone(set))
        .filter(set -> !set.equals(HELM) || installed.get() == null)
        .toList();
  }

  /** Makes these, one after another; about half an hour for all on 2 cores, the first time. */
  public void make(List<String> sets) {
    for (int i = 0; i < sets.size(); i++) {
      make(sets.get(i), "%d of %d".formatted(i + 1, sets.size()));
    }
  }

  /** The programs of a version; makes what is missing. */
  public Binaries ensure(String version) {
    String full = version(version);
    return new Binaries(full, build(full), contourCrds());
  }

  /** The user's own Kubernetes programs instead of ours; the rest is built as usual. */
  public Binaries given(Path folder) {
    String version = versionOf(folder);
    return new Binaries(version, folder.toAbsolutePath(), contourCrds());
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

  /** What installs charts: ours, else this host's; compiled where it has none. */
  public Path helm() {
    Path hosts = isDone(HELM) ? null : installed.get();
    return hosts == null ? build(HELM).resolve("helm") : hosts;
  }

  public boolean hasHelm() {
    return lacking(List.of(HELM)).isEmpty();
  }

  private Path contourCrds() {
    return build(CRDS).resolve("crds.yaml");
  }

  Path program(String set, String name) {
    return cache.resolve(set).resolve(name);
  }

  /** Makes one set if that was not done before. */
  Path build(String set) {
    if (!isDone(set)) {
      make(List.of(set));
    }
    return cache.resolve(set);
  }

  /** Files of sets, for a bundle. */
  public List<CachedFile> files(List<String> sets) {
    List<CachedFile> files = new ArrayList<>();
    for (String set : sets) {
      try (Stream<Path> all = Files.list(build(set))) {
        Recipe recipe = Recipe.of(recipes, set.equals(CRDS) ? "contour" : set);
        String component = Recipe.isKubernetes(set) ? "kubernetes" : set;
        String version = recipe.version();
        all.map(file ->
                new CachedFile("bin/" + set + "/" + file.getFileName(), file, component, version))
            .forEach(files::add);
      } catch (IOException e) {
        throw new LabException("can not read " + cache.resolve(set) + ": " + Trouble.why(e));
      }
    }
    return files;
  }

  /** Digest of all that decides what a set holds. */
  String key(String set) {
    try {
      return set.equals(CRDS)
          ? Digests.text(CRDS + Recipe.of(recipes, "contour").modules())
          : Recipe.of(recipes, set).key();
    } catch (IOException e) {
      throw new LabException("no recipe for " + set + " in " + recipes + ": " + Trouble.why(e));
    }
  }

  private boolean isDone(String set) {
    Path kept = cache.resolve(set).resolve(KEY);
    try {
      return Files.exists(kept) && Files.readString(kept).equals(key(set));
    } catch (IOException e) {
      throw new LabException("can not read " + kept + ": " + Trouble.why(e));
    }
  }

  private void make(String set, String which) {
    try (CacheLock _ = CacheLock.of(cache.resolve(set + ".lock"), "makes " + set, progress)) {
      if (isDone(set)) {
        return;
      }
      Path fresh = cache.resolve(set + ".new");
      Command.run("rm", "-rf", fresh.toString());
      Files.createDirectories(fresh);
      if (set.equals(CRDS)) {
        progress.say("fetching Contour's resource definitions (" + which + ")");
        fetchCrds(fresh);
      } else {
        new GoBuild(Recipe.of(recipes, set), which, progress).into(fresh);
      }
      Files.writeString(fresh.resolve(KEY), key(set));
      Command.run("rm", "-rf", cache.resolve(set).toString());
      Files.move(fresh, cache.resolve(set));
    } catch (IOException e) {
      throw new LabException("can not make " + set + ": " + Trouble.why(e));
    }
  }

  private void fetchCrds(Path folder) {
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
    try {
      String source = new JsonMapper().readTree(module.output()).path("Dir").asString("");
      Files.copy(Path.of(source, "examples/contour/01-crds.yaml"), folder.resolve("crds.yaml"));
    } catch (IOException | JacksonException e) {
      throw new LabException("can not fetch Contour's CRDs: " + module.output().strip());
    }
  }

  private List<String> known() {
    try (Stream<Path> sets = Files.list(recipes)) {
      return sets.map(p -> p.getFileName().toString())
          .filter(Recipe::isKubernetes)
          .sorted(java.util.Comparator.comparingInt(Boot::minor))
          .toList();
    } catch (IOException e) {
      throw new LabException("no recipes in " + recipes + ": " + e.getMessage());
    }
  }
}
