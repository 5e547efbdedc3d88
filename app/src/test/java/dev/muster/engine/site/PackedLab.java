package dev.muster.engine.site;

import dev.muster.engine.home.Version;
import dev.muster.lab.build.Components;
import dev.muster.lab.build.Images;
import dev.muster.lab.bundle.BundleWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A bundle of a lab of a few bytes, with the source tree that it is of. */
public record PackedLab(Path dist, Path bundle, String sha256) {

  /** Made for this version of Muster and some machine. */
  public static PackedLab in(Path folder, String architecture) throws IOException {
    Path dist = folder.resolve("dist");
    Path cache = folder.resolve("maker");
    set(dist, cache, "1.37.2", "k8s.io/kubernetes/cmd/kubectl", "k8s.io/kubernetes v1.37.2");
    set(dist, cache, "helm", "helm.sh/helm/v3/cmd/helm", "helm.sh/helm/v3 v3.22.0");
    set(dist, cache, "contour", "c.example/contour/cmd", "c.example/contour v1.33.8");
    Path crds = Files.createDirectories(cache.resolve("bin/contour-crds"));
    Files.writeString(crds.resolve("crds.yaml"), "kind: None\n");
    Files.writeString(
        crds.resolve(".key"), sha256("contour-crds" + recipe(dist.resolve("kubernetes/contour"))));
    Path program = Files.writeString(folder.resolve("program"), "of the maker's host");
    Files.createDirectories(dist.resolve("images"));
    Files.writeString(
        dist.resolve("images/images.yaml"),
        """
        bases: {}
        jres: {}
        images:
          - {name: "muster.dev/pause:1", files: {"%s": /program}, command: [/program]}
        """
            .formatted(program));
    Path bundle = folder.resolve("bundle.tar.zst");
    var components = new Components(dist, cache, _ -> {});
    var images = new Images(dist, cache, components, _ -> {});
    images.ensure(true);
    String sha256 =
        new BundleWriter(Version.number(), architecture, _ -> {})
            .write(bundle, "1.37.2", components, images)
            .sha256();
    Files.delete(program);
    return new PackedLab(dist, bundle, sha256);
  }

  private static void set(Path dist, Path cache, String set, String tool, String module)
      throws IOException {
    Path recipe = Files.createDirectories(dist.resolve("kubernetes").resolve(set));
    Files.writeString(
        recipe.resolve("go.mod"), "module m\ntool %s\nrequire %s\n".formatted(tool, module));
    Files.writeString(recipe.resolve("go.sum"), "");
    Path made = Files.createDirectories(cache.resolve("bin").resolve(set));
    Files.writeString(made.resolve(tool.substring(tool.lastIndexOf('/') + 1)), "program");
    Files.writeString(made.resolve(".key"), sha256(flags(set) + recipe(recipe)));
  }

  /** As the components' own key: a cache of before must go on to be one. */
  private static String flags(String set) {
    String[] parts = set.split("\\.", -1);
    if (parts.length < 3) {
      return "-s -w";
    }
    StringBuilder flags = new StringBuilder("-s -w");
    for (String where : new String[] {"k8s.io/component-base", "k8s.io/client-go/pkg"}) {
      flags.append(" -X %s/version.gitVersion=v%s".formatted(where, set));
      flags.append(" -X %s/version.gitMajor=%s".formatted(where, parts[0]));
      flags.append(" -X %s/version.gitMinor=%s".formatted(where, parts[1]));
    }
    return flags.toString();
  }

  private static String recipe(Path folder) throws IOException {
    return Files.readString(folder.resolve("go.mod")) + Files.readString(folder.resolve("go.sum"));
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
