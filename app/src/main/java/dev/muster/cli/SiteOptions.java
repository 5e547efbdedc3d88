package dev.muster.cli;

import dev.muster.cluster.connect.Kubeconfig;
import dev.muster.drill.Drill;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.site.Site;
import dev.muster.engine.site.Sites;
import dev.muster.lab.node.LabSpec;
import java.io.File;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a drill runs: a lab of this machine, or the user's own cluster. */
final class SiteOptions {

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Run on this cluster (default with --context: the first of $KUBECONFIG that has it, or"
              + " ~/.kube/config).")
  private @Nullable Path kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "Run on this context's cluster.")
  private @Nullable String context;

  @Option(
      names = "--kubernetes",
      paramLabel = "VERSION",
      description = "Kubernetes of the lab, like 1.37 or 1.26.15 (default: as the drill says).")
  private @Nullable String kubernetes;

  @Option(
      names = "--binaries",
      paramLabel = "DIR",
      description = "Kubernetes programs of your own for the lab, instead of compiled ones.")
  private @Nullable Path binaries;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Nodes of the lab with 'ops' (default: as the drill says).")
  private @Nullable Integer nodes;

  @Option(
      names = "--lab",
      paramLabel = "NAME",
      description =
          "Name of the lab; one that is up already is used and stays up (default: "
              + LabCommand.DEFAULT
              + ").")
  private @Nullable String lab;

  @Option(names = "--keep-lab", description = "Leave the lab up after the drill, to look around.")
  private boolean keep;

  private boolean foreign() {
    return kubeconfig != null || context != null;
  }

  /**
   * @param helm null where the drill deploys nothing
   */
  record Prepared(Site site, @Nullable Path helm) {}

  /** The cluster where it is there already; refuses what a run would, nothing is started. */
  Optional<Site> there(Sites sites, Drill drill) {
    if (foreign()) {
      return Optional.of(cluster(sites, drill));
    }
    refuseOwnService(sites, drill);
    return sites.running(spec(drill), binaries);
  }

  Prepared prepare(Sites sites, Drill drill) {
    boolean charts = drill.deploy() != null || drill.monitor() != null;
    if (foreign()) {
      Site site = cluster(sites, drill);
      return new Prepared(site, charts ? sites.helm() : null);
    }
    refuseOwnService(sites, drill);
    Sites.Hosted hosted = sites.lab(spec(drill), binaries, drill.monitor() != null, charts, keep);
    return new Prepared(hosted.site(), charts ? sites.helm() : null);
  }

  /**
   * A service that has a URL and that nothing deploys is in no lab that would be started for it: to
   * be said before half an hour of compiling. One that was put into a lab by hand names that lab,
   * which then is up.
   */
  private void refuseOwnService(Sites sites, Drill drill) {
    String endpoint = drill.target().endpoint();
    boolean own = drill.deploy() == null && !endpoint.equals("ingress");
    if (own && (lab == null || sites.running(spec(drill), binaries).isEmpty())) {
      throw new Refusal(
          ExitCode.USAGE,
          "target.endpoint is "
              + endpoint
              + ", a service of your own, and no 'deploy' puts it into a lab: name its cluster by"
              + " --context NAME or --kubeconfig FILE (or a lab that has it by --lab NAME"
              + (lab == null ? ")" : "; " + lab + " is not up)"));
    }
  }

  private LabSpec spec(Drill drill) {
    return LabSpec.of(
        lab == null ? LabCommand.DEFAULT : lab,
        kubernetes == null ? drill.lab().kubernetes() : kubernetes,
        nodes == null ? drill.lab().nodes() : nodes,
        drill.lab().zones(),
        drill.lab().settings());
  }

  private Site cluster(Sites sites, Drill drill) {
    if (kubernetes != null || binaries != null || nodes != null || lab != null || keep) {
      throw new Refusal(
          ExitCode.USAGE,
          "--kubernetes, --binaries, --nodes, --lab and --keep-lab are about the lab; with"
              + " --kubeconfig or --context the cluster is as it is");
    }
    return sites.foreign(kubeconfig(kubeconfig, context), context, drill);
  }

  /**
   * The file that is meant: without a name, the first of $KUBECONFIG that has the context.
   *
   * @param context not null where no file is named: that is a drill in the lab
   */
  static Path kubeconfig(@Nullable Path named, @Nullable String context) {
    if (named != null) {
      return named;
    }
    String variable = System.getenv("KUBECONFIG");
    if (variable == null || variable.isBlank()) {
      variable = Path.of(System.getProperty("user.home"), ".kube", "config").toString();
    }
    return Kubeconfig.holding(
        Objects.requireNonNull(context),
        Stream.of(variable.split(File.pathSeparator, -1))
            .filter(file -> !file.isBlank())
            .map(Path::of)
            .toList());
  }
}
