package dev.muster.engine.site;

import dev.muster.drill.Drill;
import dev.muster.drill.port.Power;
import dev.muster.drill.port.Progress;
import dev.muster.drill.time.RealTime;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Machine;
import dev.muster.engine.home.Refusal;
import dev.muster.fault.CommandPower;
import dev.muster.lab.Lab;
import dev.muster.lab.LabImages;
import dev.muster.lab.node.LabSpec;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Brings up, finds again and gives back the places in which drills take place. */
public final class Sites implements AutoCloseable {
  private static final String LAB = "lab";
  private static final String STARTED = "lab.started";
  private static final String KUBECONFIG = "kubeconfig";
  private static final String CONTEXT = "context";

  private final Home home;
  private final Progress progress;
  private final LabArtifacts artifacts;
  private @Nullable FileChannel use;

  public Sites(Home home, Progress progress) {
    this(home, progress, new LabArtifacts(home, progress, null));
  }

  /**
   * @param artifacts from which labs are made
   */
  public Sites(Home home, Progress progress, LabArtifacts artifacts) {
    this.home = home;
    this.progress = progress;
    this.artifacts = artifacts;
  }

  /** Starts a lab, with a word on where it is. */
  public Lab up(LabSpec spec, LabArtifacts.Parts parts) {
    long began = RealTime.TIME.nanos();
    Lab lab = Lab.up(spec, parts.binaries(), parts.images(), home.labs(), home.cache(), progress);
    progress.say("lab " + spec.name() + " is up after " + seconds(began) + " s");
    return lab;
  }

  /**
   * The lab for a drill: the one of that name if it runs already, with the drill's version and with
   * the images that it lacked, else a new one.
   *
   * @param started whether it was started for this drill, and so ends with it
   */
  public record Hosted(Site site, boolean started) {}

  public Hosted lab(
      LabSpec wanted, @Nullable Path given, boolean monitoring, boolean charts, boolean keep) {
    LabSpec spec = complete(wanted, given);
    hold(spec.name());
    LabArtifacts.Parts parts = artifacts.parts(wanted.kubernetes(), given, monitoring, charts);
    Optional<Lab> there = there(spec);
    if (there.isPresent()) {
      progress.say("using lab " + spec.name() + ", which is up already");
      new LabImages(there.get(), progress).complete(parts.images());
      return new Hosted(site(there.get(), Map.of(), false), false);
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
    return new Hosted(site(lab, Map.of("labStart", seconds(began) + " s"), !keep), !keep);
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

  /** With the full version of Kubernetes; refused where it cannot be had. */
  private LabSpec complete(LabSpec wanted, @Nullable Path given) {
    String version = artifacts.components().version(wanted.kubernetes());
    return wanted.with(given == null ? version : artifacts.components().versionOf(given));
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
    return kubeconfig == null || ofLabThatIsGone(Path.of(kubeconfig))
        ? null
        : foreign(Path.of(kubeconfig), reopen.get(CONTEXT), drill);
  }

  /** A lab's own file, named instead of the lab: it lies in the folder that goes with the lab. */
  private boolean ofLabThatIsGone(Path kubeconfig) {
    Path labs = home.labs().toAbsolutePath().normalize();
    Path file = kubeconfig.toAbsolutePath().normalize();
    return file.startsWith(labs)
        && file.getNameCount() > labs.getNameCount() + 1
        && Files.notExists(labs.resolve(file.getName(labs.getNameCount())));
  }

  /** Whether it says which cluster that is. */
  public static boolean known(Map<String, String> reopen) {
    return reopen.containsKey(LAB) || reopen.containsKey(KUBECONFIG);
  }

  /** Which cluster that is, the same for all runs in it. */
  public static String place(Map<String, String> reopen) {
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

  /** What installs charts, in the lab and in other clusters. */
  public Path helm() {
    return artifacts.helm();
  }

  private static String seconds(long began) {
    return Long.toString(Duration.ofNanos(RealTime.TIME.nanos() - began).toSeconds());
  }
}
