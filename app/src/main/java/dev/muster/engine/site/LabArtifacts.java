package dev.muster.engine.site;

import dev.muster.drill.port.Progress;
import dev.muster.drill.time.RealTime;
import dev.muster.drill.time.Time;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.home.Version;
import dev.muster.lab.build.Binaries;
import dev.muster.lab.build.Components;
import dev.muster.lab.build.Doctor;
import dev.muster.lab.build.Images;
import dev.muster.lab.build.Lacking;
import dev.muster.lab.build.Makers;
import dev.muster.lab.bundle.Bundle;
import dev.muster.lab.bundle.BundlePins;
import dev.muster.lab.bundle.BundleWriter;
import dev.muster.lab.node.Image;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Of what labs are made: from the cache; what that lacks, from a bundle; what no bundle has is
 * made.
 *
 * @param bundle null where there is none
 */
public record LabArtifacts(Home home, Progress progress, @Nullable Bundle bundle) {
  private static final Duration LOOK = Duration.ofMinutes(1);

  /** The programs and images of a lab. */
  public record Parts(Binaries binaries, List<Image> images) {}

  /**
   * All that a lab needs.
   *
   * @param given folder of the user's own Kubernetes programs; null takes those of the version
   * @param monitoring with what charts/monitoring runs
   * @param charts with helm, which installs them
   * @throws Refusal where something is lacking that this machine cannot make
   */
  public Parts parts(String kubernetes, @Nullable Path given, boolean monitoring, boolean charts) {
    Components components = components();
    Images images = images(components);
    String version = given == null ? components.version(kubernetes) : null;
    Lacking lacking = Lacking.of(components, images, version, monitoring, charts);
    if (!lacking.nothing() && bundle != null) {
      Bundle.Good good = take(bundle);
      lacking = Lacking.of(components, images, version, monitoring, charts);
      if (!lacking.sets().isEmpty()) { // who names a bundle does not want to compile
        throw new Refusal(ExitCode.ENVIRONMENT, unheld(lacking, good.manifest().kubernetes()));
      }
    }
    if (!lacking.nothing()) {
      refuseUnfit(lacking, version != null && lacking.sets().contains(version));
      List<String> sets = lacking.sets();
      together(() -> components.make(sets), () -> images.gather(monitoring));
    }
    Binaries binaries = given == null ? components.ensure(kubernetes) : components.given(given);
    return new Parts(binaries, images.ensure(monitoring));
  }

  /**
   * The compiler leaves time that downloads can have. Returns when both are done, also if one
   * fails: what goes on would be in the way of the next Muster.
   *
   * @throws RuntimeException what the compiling threw, else what the gathering did
   */
  static void together(Runnable compile, Runnable gather) {
    var gathering = new FutureTask<@Nullable Void>(gather, null);
    Time.Work work = RealTime.TIME.start("gather", gathering);
    try {
      compile.run();
    } finally {
      awaitEnd(work);
    }
    if (gathering.state() == Future.State.FAILED) {
      throw gathering.exceptionNow() instanceof RuntimeException known
          ? known
          : new IllegalStateException(gathering.exceptionNow());
    }
  }

  private static void awaitEnd(Time.Work work) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = work.join(LOOK);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Some images, by the last part of their names: what a cluster that is not the lab needs. */
  public List<Image> images(List<String> names) {
    return images(components()).ensure(names);
  }

  /** Muster's own, from the archive that it came in. */
  public List<Image> ownImage() {
    return Images.own(home.dist(), home.cache(), components(), progress).ensure(false);
  }

  private Images images(Components components) {
    return new Images(home.dist(), home.cache(), components, progress);
  }

  Components components() {
    return new Components(home.dist(), home.cache(), progress);
  }

  /** What installs charts. */
  Path helm() {
    Components components = components();
    if (bundle != null && !components.hasHelm()) {
      take(bundle);
    }
    return components.helm();
  }

  /** Imports a bundle into the cache, with a word on who vouches for it. */
  public Bundle.Good take(Bundle from) {
    progress.say("importing the bundle " + from.source().where());
    Bundle.Good good = from.into(home.cache(), Version.number(), Bundle.architecture());
    progress.say(
        from.sha256() == null
            ? "nobody vouches for the bundle: no digest was given, nor does kubernetes/bundle.yaml"
                + " pin one; it has sha256:"
                + good.sha256()
            : "the bundle has the digest that was asked for");
    return good;
  }

  /** Writes a bundle of all that a lab needs, with monitoring; makes what the cache lacks. */
  public BundleWriter.Written pack(String kubernetes, Path out) {
    parts(kubernetes, null, true, true);
    Components components = components();
    return new BundleWriter(Version.number(), Bundle.architecture(), progress)
        .write(out, components.version(kubernetes), components, images(components));
  }

  /** What is lacking for a lab of the newest version; all where there is no source tree. */
  public Lacking lacking() {
    if (!Files.isRegularFile(home.dist().resolve("images/images.yaml"))) {
      return Lacking.ALL;
    }
    Components components = components();
    return Lacking.of(components, images(components), components.newest(), false, true);
  }

  /**
   * Half an hour of compiling should not end with a word that was true before it.
   *
   * @param halfAnHour whether that long; else only what makes the rest is looked at
   */
  private void refuseUnfit(Lacking lacking, boolean halfAnHour) {
    List<Doctor.Need> makers = missing(new Makers(lacking).table());
    List<Doctor.Need> all =
        halfAnHour ? missing(new Doctor(home.dist(), home.cache(), lacking).table()) : makers;
    if (!all.isEmpty()) {
      throw new Refusal(ExitCode.ENVIRONMENT, unfit(lacking, makers, all));
    }
  }

  private static List<Doctor.Need> missing(List<Doctor.Need> needs) {
    return needs.stream().filter(need -> !need.present()).toList();
  }

  /**
   * What is missing, and both ways to get it.
   *
   * @param makers what this machine lacks to make something
   * @param all what it lacks, with them
   */
  String unfit(Lacking lacking, List<Doctor.Need> makers, List<Doctor.Need> all) {
    String needs =
        all.stream()
            .map(need -> "\n  " + need.name() + ": " + need.howToGet())
            .collect(Collectors.joining());
    if (makers.isEmpty()) {
      return "this machine can not carry a lab (muster doctor):" + needs;
    }
    String url = BundlePins.of(home.dist()).url();
    String bundles = url.isBlank() ? "" : " (" + url + ")";
    return "the cache %s lacks %s.\n".formatted(home.cache(), lacking)
        + "Take a bundle that holds them by --bundle FILE|URL or MUSTER_BUNDLE"
        + bundles
        + ".\nOr let Muster make them; for that this machine lacks (muster doctor):"
        + needs;
  }

  private static String unheld(Lacking lacking, String kubernetes) {
    return "the bundle does not hold "
        + lacking
        + ": it is of Kubernetes "
        + kubernetes
        + ", and of its maker's sources. Without a bundle they are compiled.";
  }
}
