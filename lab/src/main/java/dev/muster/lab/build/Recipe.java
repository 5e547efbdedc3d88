package dev.muster.lab.build;

import dev.muster.lab.host.Digests;
import dev.muster.lab.host.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * How one set of Go programs is compiled.
 *
 * @param set name of its folder in {@code kubernetes/} and in the cache
 * @param folder with go.mod and go.sum, and a main.go where not all of the released program is
 *     wanted
 * @param more arguments of {@code go build}
 */
record Recipe(String set, Path folder, String linkerFlags, List<String> more) {
  /** Linker flags of what needs no version linked into it: no symbols. */
  private static final String PLAIN = "-s -w";

  /** Prometheus without the ways of clouds to find targets, which are most of its dependencies. */
  private static final String DISCOVERIES = "remove_all_sd,enable_kubernetes_sd,enable_dns_sd";

  static Recipe of(Path recipes, String set) {
    return new Recipe(
        set,
        recipes.resolve(set),
        isKubernetes(set) ? kubernetesFlags(set) : PLAIN,
        set.equals("prometheus") ? List.of("-tags", DISCOVERIES) : List.of());
  }

  static boolean isKubernetes(String set) {
    return Character.isDigit(set.charAt(0));
  }

  /** In words, with the version where the set's name does not tell what it is. */
  String name() {
    return isKubernetes(set) ? "kubernetes " + set : set;
  }

  /** Digest of all that decides what comes out. */
  String key() throws IOException {
    Path main = folder.resolve("main.go");
    String own = Files.exists(main) ? Files.readString(main) : "";
    return Digests.text(linkerFlags + String.join(" ", more) + modules() + own);
  }

  /** Of every module, with checksums. */
  String modules() throws IOException {
    return Files.readString(folder.resolve("go.mod")) + Files.readString(folder.resolve("go.sum"));
  }

  /**
   * Of the module that the first program is in, without the v: 1.33.8. Where that is our main.go,
   * of what it is made of: the one module that go.mod requires directly.
   */
  String version() throws IOException {
    List<String> lines =
        Files.readString(folder.resolve("go.mod")).lines().map(String::strip).toList();
    int at = 0;
    while (at < lines.size() && !lines.get(at).startsWith("tool")) {
      at++;
    }
    if (at == lines.size()) {
      throw new LabException(folder.resolve("go.mod") + " names no tool");
    }
    String line = lines.get(at);
    String tool = line.endsWith("(") ? lines.get(at + 1) : line.substring("tool".length()).strip();
    boolean own = lines.contains("module " + tool);
    return lines.stream()
        .map(l -> l.replaceFirst("^require ", ""))
        .filter(l -> l.contains(" v"))
        .filter(l ->
            own
                ? !l.endsWith("// indirect")
                : (tool + "/").startsWith(l.substring(0, l.indexOf(' ')) + "/"))
        .max(Comparator.comparingInt(l -> l.indexOf(' ')))
        .map(l -> l.substring(l.indexOf(" v") + 2).replaceFirst(" .*", ""))
        .orElseThrow(() -> new LabException(folder.resolve("go.mod") + " requires no " + tool));
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
}
