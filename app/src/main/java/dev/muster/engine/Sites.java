package dev.muster.engine;

import dev.muster.drill.Drill;
import dev.muster.drill.Power;
import dev.muster.drill.Progress;
import dev.muster.drill.RealTime;
import dev.muster.fault.CommandPower;
import dev.muster.lab.Binaries;
import dev.muster.lab.Bundle;
import dev.muster.lab.BundlePins;
import dev.muster.lab.BundleWriter;
import dev.muster.lab.Components;
import dev.muster.lab.Doctor;
import dev.muster.lab.Image;
import dev.muster.lab.Images;
import dev.muster.lab.Lab;
import dev.muster.lab.LabSpec;
import dev.muster.lab.Lacking;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Brings up, finds again and gives back the places in which drills take place. */
public final class Sites implements AutoCloseable {
  private static final String LAB = "lab";
  private static final String STARTED = "lab.started";
  private static final String KUBECONFIG = "kubeconfig";
  private static final String CONTEXT = "context";

  private final Home home;
  private final Progress progress;
  private final @Nullable Bundle bundle;
  private @Nullable FileChannel use;

  public Sites(Home home, Progress progress) {
    this(home, progress, null);
  }

  /**
   * @param bundle taken where the cache lacks something; null where that is made
   */
  public Sites(Home home, Progress progress, @Nullable Bundle bundle) {
    this.home = home;
    this.progress = progress;
    this.bundle = bundle;
  }

  /** The programs and images of a lab. From the cache, built where they are not there. */
  public record Parts(Binaries binaries, List<Image> images) {}

  /**
   * @param given folder of the user's own Kubernetes programs; null builds those of the version
   * @param monitoring with what charts/monitoring runs
   */
  public Parts parts(String kubernetes, @Nullable Path given, boolean monitoring) {
    Components components = components();
    Images images = images(components);
    provide(components, images, given == null ? components.version(kubernetes) : null, monitoring);
    Binaries binaries = given == null ? components.ensure(kubernetes) : components.given(given);
    return new Parts(binaries, images.ensure(monitoring));
  }

  /** Brings the Go programs of lab and images into the cache: from the bundle, or compiled. */
  private void provide(
      Components components, Images images, @Nullable String version, boolean monitoring) {
    Lacking lacking = Lacking.of(components, images, version, monitoring);
    if (!lacking.nothing() && bundle != null) {
      take(bundle);
      lacking = Lacking.of(components, images, version, monitoring);
    }
    if (!lacking.nothing()) {
      refuseUnfit(lacking, version != null && lacking.sets().contains(version));
      components.make(lacking.sets());
    }
  }

  /** Imports a bundle into the cache, with a word on who vouches for it. */
  public Bundle.Good take(Bundle from) {
    progress.say("importing the bundle " + from.source().where());
    Bundle.Good good = from.into(home.cache(), Home.VERSION, Bundle.architecture());
    progress.say(
        from.sha256() == null
            ? "nobody vouches for the bundle: no digest was given, nor does kubernetes/bundle.yaml pin one; it has sha256:%s"
                .formatted(good.sha256())
            : "the bundle has the digest that was asked for");
    return good;
  }

  /** What is lacking for a lab of the newest version; all where there is no source tree. */
  public Lacking lacking() {
    if (!Files.isRegularFile(home.dist().resolve("images/images.yaml"))) {
      return Lacking.ALL;
    }
    Components components = components();
    return Lacking.of(components, images(components), components.newest(), false);
  }

  /** Writes a bundle of all that a lab needs, with monitoring; makes what the cache lacks. */
  public BundleWriter.Written pack(String kubernetes, Path out) {
    parts(kubernetes, null, true);
    Components components = components();
    return new BundleWriter(Home.VERSION, Bundle.architecture(), progress)
        .write(out, components.version(kubernetes), components, images(components));
  }

  /**
   * Half an hour of compiling should not end with a word that was true before it.
   *
   * @param halfAnHour whether that long; else only what makes the rest is looked at
   */
  private void refuseUnfit(Lacking lacking, boolean halfAnHour) {
    Doctor doctor = new Doctor(home.dist(), home.cache(), lacking);
    List<Doctor.Need> makers = missing(doctor.makers());
    List<Doctor.Need> missing = halfAnHour ? missing(doctor.table()) : makers;
    if (missing.isEmpty()) {
      return;
    }
    String needs =
        missing.stream()
            .map(need -> "\n  " + need.name() + ": " + need.howToGet())
            .collect(Collectors.joining());
    if (makers.isEmpty()) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, "this machine can not carry a lab (muster doctor):" + needs);
    }
    String url = BundlePins.of(home.dist()).url();
    throw new Refusal(
        ExitCode.ENVIRONMENT,
        "the cache %s lacks %s.\n".formatted(home.cache(), lacking)
            + (bundle == null
                ? "Take a bundle that holds them by --bundle FILE|URL or MUSTER_BUNDLE%s.\n"
                    .formatted(url.isBlank() ? "" : " (" + url + ")")
                : "The bundle does not hold them: it was made of other sources than this Muster.\n")
            + "Or let Muster make them; for that this machine lacks (muster doctor):"
            + needs);
  }

  private static List<Doctor.Need> missing(List<Doctor.Need> needs) {
    return needs.stream().filter(need -> !need.present()).toList();
  }

  /** Some images, by the last part of their names: what a cluster that is not the lab needs. */
  public List<Image> foreignImages(List<String> names) {
    return images(components()).ensure(names);
  }

  private Images images(Components components) {
    return new Images(home.dist(), home.cache(), components, progress);
  }

  /** Starts a lab, with a word on where it is. */
  public Lab up(LabSpec spec, Parts parts) {
    long began = RealTime.TIME.nanos();
    Lab lab = Lab.up(spec, parts.binaries(), parts.images(), home.labs(), home.cache(), progress);
    progress.say("lab " + spec.name() + " is up after " + seconds(began) + " s");
    return lab;
  }

  /**
   * The lab for a drill: the one of that name if it runs already, with the drill's version, else a
   * new one.
   *
   * @param started whether it was started for this drill, and so ends with it
   */
  public record Hosted(Site site, Path helm, boolean started) {}

  public Hosted lab(LabSpec wanted, @Nullable Path given, boolean monitoring, boolean keep) {
    LabSpec spec = complete(wanted, given);
    hold(spec.name());
    Parts parts = parts(wanted.kubernetes(), given, monitoring);
    Optional<Lab> there = there(spec);
    if (there.isPresent()) {
      progress.say("using lab " + spec.name() + ", which is up already");
      return new Hosted(site(there.get(), Map.of(), false), parts.binaries().helm(), false);
    }
    if (Lab.find(home.labs(), spec.name()).isPresent()) {
      progress.say("lab " + spec.name() + " is not whole, it is started anew");
      Lab.down(home.labs(), spec.name());
    }
    long began = RealTime.TIME.nanos();
    Lab lab = up(spec, parts);
    if (keep) {
      progress.say(
          "it stays up after the drill: 'muster run --lab %1$s DRILL' uses it again, 'muster lab down --name %1$s' ends it"
              .formatted(spec.name()));
    }
    return new Hosted(
        site(lab, Map.of("labStart", seconds(began) + " s"), !keep),
        parts.binaries().helm(),
        !keep);
  }

  /** One drill at a time in a lab: two would measure each other. */
  private void hold(String lab) {
    try {
      Files.createDirectories(home.labs());
      FileChannel channel =
          FileChannel.open(
              home.labs().resolve(lab + ".lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      use = channel;
      if (channel.tryLock() == null) {
        throw new Refusal(
            ExitCode.ENVIRONMENT,
            "another Muster runs a drill in lab " + lab + "; wait for it or use --lab NAME");
      }
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, "can not write " + home.labs() + ": " + Trouble.why(e));
    }
  }

  @Override
  public void close() {
    FileChannel held = use;
    if (held != null) {
      try {
        held.close();
      } catch (IOException e) {
        progress.say("can not release the lab: " + e.getMessage());
      }
    }
  }

  private Site site(Lab lab, Map<String, String> facts, boolean started) {
    Map<String, String> environment = new TreeMap<>(facts);
    environment.put("cluster", "lab " + lab.name());
    environment.put("kubernetes", lab.kubernetes());
    environment.put("nodes", String.join(" ", lab.nodes()));
    environment.putAll(Machine.facts());
    return new Site(
        lab.kubeconfig(),
        null,
        lab.power(),
        lab.url(),
        lab.loadBalancerStatistics(),
        lab.blame(),
        environment,
        Map.of(LAB, lab.name(), STARTED, Boolean.toString(started)));
  }

  /** The lab for a drill if it runs already; refuses what {@link #lab} would, starts nothing. */
  public Optional<Site> running(LabSpec wanted, @Nullable Path given) {
    return there(complete(wanted, given)).map(lab -> site(lab, Map.of(), false));
  }

  /** With the full version of Kubernetes; refused where it can not be had. */
  private LabSpec complete(LabSpec wanted, @Nullable Path given) {
    String version = components().version(wanted.kubernetes());
    return wanted.with(given == null ? version : components().versionOf(given));
  }

  private Optional<Lab> there(LabSpec spec) {
    Optional<Lab> there = Lab.find(home.labs(), spec.name()).filter(Lab::running);
    there
        .filter(lab -> !lab.kubernetes().equals(spec.kubernetes()))
        .ifPresent(lab -> {
          throw new Refusal(
              ExitCode.USAGE,
              "lab %s runs Kubernetes %s, the drill wants %s; use --lab NAME, or: muster lab down --name %s"
                  .formatted(spec.name(), lab.kubernetes(), spec.kubernetes(), spec.name()));
        });
    return there;
  }

  /** Any cluster, by kubeconfig; power by the drill's commands, where it has some. */
  public Site foreign(Path kubeconfig, @Nullable String context, Drill drill) {
    Map<String, String> reopen = new TreeMap<>();
    reopen.put(KUBECONFIG, kubeconfig.toAbsolutePath().toString());
    if (context != null) {
      reopen.put(CONTEXT, context);
    }
    Map<String, String> environment = new TreeMap<>(Machine.facts());
    environment.put(
        "cluster",
        "kubeconfig " + kubeconfig.getFileName() + (context == null ? "" : ", " + context));
    return new Site(
        kubeconfig, context, power(drill), null, null, Map.of(), environment, Map.copyOf(reopen));
  }

  private static @Nullable Power power(Drill drill) {
    return drill.power() == null ? null : new CommandPower(drill.power());
  }

  /**
   * The site of an earlier run; null if it was a lab and that is down: then nothing is left of it.
   */
  public @Nullable Site again(Map<String, String> reopen, Drill drill) {
    String name = reopen.get(LAB);
    if (name != null) {
      return Lab.find(home.labs(), name)
          .filter(Lab::running)
          .map(lab -> site(lab, Map.of(), started(reopen)))
          .orElse(null);
    }
    String kubeconfig = reopen.get(KUBECONFIG);
    return kubeconfig == null ? null : foreign(Path.of(kubeconfig), reopen.get(CONTEXT), drill);
  }

  /** Whether it says which cluster that is. */
  static boolean known(Map<String, String> reopen) {
    return reopen.containsKey(LAB) || reopen.containsKey(KUBECONFIG);
  }

  /** Which cluster that is, the same for all runs in it. */
  static String place(Map<String, String> reopen) {
    String lab = reopen.get(LAB);
    String context = reopen.get(CONTEXT);
    return lab != null
        ? "lab " + lab
        : "kubeconfig " + reopen.get(KUBECONFIG) + (context == null ? "" : ", context " + context);
  }

  /** Takes the lab down that was started for a run. */
  public void giveBack(Map<String, String> reopen) {
    String name = reopen.get(LAB);
    if (name != null && started(reopen) && Lab.find(home.labs(), name).isPresent()) {
      progress.say("taking lab " + name + " down");
      Lab.down(home.labs(), name);
    }
  }

  private static boolean started(Map<String, String> reopen) {
    return Boolean.parseBoolean(reopen.get(STARTED));
  }

  /** helm for a foreign cluster: the same program that the lab uses. */
  public Path helm() {
    Components components = components();
    if (bundle != null && !components.hasHelm()) {
      take(bundle);
    }
    return components.helm();
  }

  public Components components() {
    return new Components(home.dist(), home.cache(), progress);
  }

  private static String seconds(long began) {
    return Long.toString(Duration.ofNanos(RealTime.TIME.nanos() - began).toSeconds());
  }
}
