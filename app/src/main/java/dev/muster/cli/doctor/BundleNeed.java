package dev.muster.cli.doctor;

import dev.muster.drill.port.Progress;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Version;
import dev.muster.lab.build.Doctor.Need;
import dev.muster.lab.bundle.Bundle;
import dev.muster.lab.bundle.BundleManifest;
import dev.muster.lab.host.LabException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether the bundle that the environment names can be had, and is for this Muster and machine. */
public final class BundleNeed {
  private static final String REPLACE =
      "; set MUSTER_BUNDLE to another bundle (muster bundle create makes one), or unset it";

  private BundleNeed() {}

  /** Null where it names none. */
  public static @Nullable Need of(Home home, Map<String, String> environment) {
    try {
      Bundle bundle = new BundleOption().bundle(home, Progress.SILENT, environment);
      if (bundle == null) {
        return null;
      }
      BundleManifest manifest = bundle.look(Version.number(), Bundle.architecture());
      return new Need(
          BundleOption.VARIABLE,
          "holds components and images; every byte is looked at when they are taken from it",
          true,
          "Kubernetes " + manifest.kubernetes(),
          "nothing to do");
    } catch (LabException e) {
      return new Need(
          BundleOption.VARIABLE, "components and images", false, "", e.getMessage() + REPLACE);
    }
  }
}
