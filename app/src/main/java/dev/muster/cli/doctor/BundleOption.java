package dev.muster.cli.doctor;

import dev.muster.drill.port.Progress;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Version;
import dev.muster.engine.site.LabArtifacts;
import dev.muster.lab.bundle.Bundle;
import dev.muster.lab.bundle.BundlePins;
import dev.muster.lab.bundle.BundleSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The bundle from which components and images are taken, instead of made. */
public final class BundleOption {
  public static final String VARIABLE = "MUSTER_BUNDLE";

  @Option(
      names = "--bundle",
      paramLabel = "FILE|URL",
      description =
          "Where the cache lacks components or images, take them from this bundle instead of"
              + " making them: a file, https://… or oci://REGISTRY/REPOSITORY[:TAG|@sha256:DIGEST]"
              + " (default: $MUSTER_BUNDLE).")
  private @Nullable String where;

  @Option(
      names = "--bundle-digest",
      paramLabel = "sha256:HEX",
      description = "What the bundle's digest must be, where kubernetes/bundle.yaml pins none.")
  private @Nullable String digest;

  /** With the bundle that is meant, where one is. */
  public LabArtifacts stock(Home home, Progress progress) {
    return new LabArtifacts(home, progress, bundle(home, progress, System.getenv()));
  }

  public @Nullable Bundle bundle(Home home, Progress progress, Map<String, String> environment) {
    String meant = where == null ? environment.get(VARIABLE) : where;
    return meant == null || meant.isBlank() ? null : of(meant, digest, home, progress);
  }

  /** For this Muster and machine, with the digest that is pinned or given. */
  public static Bundle of(String where, @Nullable String digest, Home home, Progress progress) {
    BundleSource source = BundleSource.of(where);
    String demanded =
        BundlePins.of(home.dist()).demanded(Version.number(), Bundle.architecture(), digest);
    return new Bundle(source, demanded, progress);
  }
}
