package dev.muster.cli;

import dev.muster.cli.doctor.BundleOption;
import dev.muster.drill.port.Progress;
import dev.muster.engine.console.Console;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.home.Version;
import dev.muster.engine.site.LabArtifacts;
import dev.muster.lab.bundle.Bundle;
import dev.muster.lab.bundle.BundleManifest;
import dev.muster.lab.bundle.BundlePins;
import dev.muster.lab.bundle.BundleSource;
import dev.muster.lab.bundle.BundleWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "bundle",
    mixinStandardHelpOptions = true,
    header = "Components and images of the lab in one file: made once, used without compilers.",
    description = {
      "%nA machine that has a bundle in its cache needs no Go, JDK, pip or mmdebstrap for a lab,"
          + " and no network.",
      "%n  muster bundle create              packs what this machine has made",
      "  muster bundle verify FILE         looks at every byte",
      "  muster bundle import FILE         puts it into the cache",
      "  muster bundle push FILE oci://…   puts it into a registry",
      "  muster run DRILL --bundle FILE    imports it where something is lacking%n",
      "FILE may be an address: https://…, or oci://REGISTRY/REPOSITORY[:TAG|@sha256:DIGEST] with"
          + " the credentials of docker login. $HTTPS_PROXY, $HTTP_PROXY and $NO_PROXY are"
          + " honoured.%n"
    })
final class BundleCommand {
  private static final String DIGEST = "What the bundle's digest must be.";

  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      header =
          "Packs components and images, with those of charts/monitoring; makes what the cache does"
              + " not have.")
  int create(
      @Option(
              names = "--kubernetes",
              paramLabel = "VERSION",
              defaultValue = "1.37",
              description =
                  "Kubernetes of the lab, like 1.37 or 1.26.15 (default: ${DEFAULT-VALUE}).")
          String kubernetes,
      @Option(
              names = "--output",
              paramLabel = "FILE",
              description =
                  "Where to write it (default: muster-bundle-VERSION-linux-ARCH.tar.zst).")
          @Nullable Path output) {
    String name =
        "muster-bundle-%s-linux-%s.tar.zst".formatted(Version.number(), Bundle.architecture());
    Path out = (output == null ? Path.of(name) : output).toAbsolutePath();
    BundleWriter.Written written;
    try (Console console = Main.console(false)) {
      written = new LabArtifacts(Main.home(), console, null).pack(kubernetes, out);
    }
    tell(written.manifest());
    System.out.printf("%-13s %s (%d MB)%n", "file", out, written.size() / 1_000_000);
    System.out.printf("%-13s sha256:%s%n", "digest", written.sha256());
    return 0;
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      header =
          "Looks at every byte of a bundle, whatever machine it is for; says what is wrong first.")
  int verify(
      @Parameters(paramLabel = "FILE|URL", description = "The bundle.") String where,
      @Option(names = "--digest", paramLabel = "sha256:HEX", description = DIGEST)
          @Nullable String digest) {
    Verified verified;
    try (Console console = Main.console(false)) {
      verified = Verified.of(where, digest, console);
    }
    tell(verified.good().manifest());
    System.out.printf(
        "%-13s sha256:%s%s%n",
        "digest",
        verified.good().sha256(),
        verified.vouched() ? "" : " (not pinned in kubernetes/bundle.yaml)");
    System.out.println("every file has the digest that the manifest says");
    return 0;
  }

  @Command(
      name = "import",
      mixinStandardHelpOptions = true,
      header = "Puts the components and images of a bundle into the cache: all, or none.")
  int take(
      @Parameters(paramLabel = "FILE|URL", description = "The bundle.") String where,
      @Option(names = "--digest", paramLabel = "sha256:HEX", description = DIGEST)
          @Nullable String digest) {
    Home home = Main.home();
    Bundle.Good good;
    try (Console console = Main.console(false)) {
      Bundle bundle = BundleOption.of(where, digest, home, console);
      good = new LabArtifacts(home, console, null).take(bundle);
    }
    tell(good.manifest());
    System.out.printf("%-13s %s%n", "cache", home.cache());
    return 0;
  }

  @Command(
      name = "push",
      mixinStandardHelpOptions = true,
      header = "Puts a bundle into a registry, from where others take it by oci://….",
      description =
          "%nLooks at every byte first. Credentials are those of docker login; a registry on this"
              + " machine is asked without TLS.%n")
  int push(
      @Parameters(paramLabel = "FILE", description = "The bundle.") Path file,
      @Parameters(
              paramLabel = "ADDRESS",
              description = "Where to: oci://REGISTRY/REPOSITORY[:TAG] (default tag: latest).")
          String where,
      @Option(names = "--digest", paramLabel = "sha256:HEX", description = DIGEST)
          @Nullable String digest) {
    BundleSource registry = BundleSource.registry(where);
    Verified verified;
    String address;
    try (Console console = Main.console(false)) {
      verified = Verified.of(file.toString(), digest, console);
      console.say("pushing the bundle to " + where);
      address = registry.push(file, verified.good());
    }
    System.out.printf("%-13s sha256:%s%n", "digest", verified.good().sha256());
    System.out.printf("%-13s %s%n", "address", address);
    return 0;
  }

  /**
   * A bundle of which every byte was looked at.
   *
   * @param vouched whether it has a digest that is pinned or was given
   */
  private record Verified(Bundle.Good good, boolean vouched) {
    static Verified of(String where, @Nullable String digest, Progress progress) {
      Bundle.Good good = new Bundle(BundleSource.of(where), null, progress).verify();
      String demanded =
          BundlePins.of(Main.place().dist())
              .demanded(good.manifest().version(), good.manifest().architecture(), digest);
      if (demanded != null && !demanded.equals(good.sha256())) {
        throw new Refusal(
            ExitCode.ENVIRONMENT,
            "the bundle %s: its digest is sha256:%s, not sha256:%s"
                .formatted(where, good.sha256(), demanded));
      }
      return new Verified(good, demanded != null);
    }
  }

  private static void tell(BundleManifest manifest) {
    System.out.printf("%-13s %s%n", "muster", manifest.version());
    System.out.printf("%-13s linux %s%n", "machine", manifest.architecture());
    manifest.files().stream()
        .map(file -> "%-20s %s".formatted(file.component(), file.version()))
        .distinct()
        .forEach(component -> System.out.println("  " + component));
    System.out.printf(
        "%-13s %d, %d MB%n", "files", manifest.files().size(), manifest.bytes() / 1_000_000);
  }
}
