package dev.muster.cli;

import dev.muster.cli.doctor.BundleNeed;
import dev.muster.cli.doctor.ClusterDoctor;
import dev.muster.cli.doctor.HomeNeed;
import dev.muster.cli.terminal.Output;
import dev.muster.drill.file.DrillSource;
import dev.muster.drill.port.Progress;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.site.LabArtifacts;
import dev.muster.lab.build.Doctor;
import dev.muster.lab.build.Lacking;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    header = "Shows what the lab needs of this machine, what is missing, and how to get it.",
    description = {
      "%nWith --context or --kubeconfig: what a drill needs of that cluster. Exit code 0 if nothing"
          + " is missing, 69 otherwise. Where $MUSTER_BUNDLE names a bundle, it is looked at too.",
      "%n  muster doctor                             this machine, for a lab",
      "  muster doctor --context NAME              a cluster: version, rights, nodes",
      "  muster doctor --context NAME mine.yaml    the same, with its rights%n"
    })
final class DoctorCommand implements Callable<Integer> {

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description = "text (default) or json: an array with an object for each need.")
  private Output output = Output.text;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Look at this cluster (default with --context: the first of $KUBECONFIG that has it, or"
              + " ~/.kube/config).")
  private @Nullable Path kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "Look at this context's cluster.")
  private @Nullable String context;

  @Parameters(
      paramLabel = "DRILL",
      arity = "0..1",
      description = "Whose rights are asked for, with --context or --kubeconfig.")
  private @Nullable Path drill;

  @Override
  public Integer call() {
    boolean cluster = kubeconfig != null || context != null;
    if (drill != null && !cluster) {
      throw new Refusal(
          ExitCode.USAGE, "whether a drill fits is asked of a cluster: name it by --context NAME");
    }
    Home home = Main.place();
    List<Doctor.Need> needs = new ArrayList<>(List.of(HomeNeed.of(home)));
    needs.addAll(
        cluster
            ? ClusterDoctor.table(
                SiteOptions.kubeconfig(kubeconfig, context),
                context,
                drill == null ? null : DrillSource.of(drill, System.in).drill())
            : machine(home, System.getenv()));
    if (output == Output.json) {
      System.out.println(new JsonMapper().writeValueAsString(needs));
    } else {
      needs.forEach(DoctorCommand::print);
    }
    boolean missing = needs.stream().anyMatch(n -> !n.present());
    return (missing ? ExitCode.ENVIRONMENT : ExitCode.PASS).code();
  }

  /** Who has a bundle needs nothing that makes what it holds. */
  static List<Doctor.Need> machine(Home home, Map<String, String> environment) {
    Doctor.Need bundle = BundleNeed.of(home, environment);
    boolean held = bundle != null && bundle.present();
    Lacking lacking =
        held ? Lacking.NOTHING : new LabArtifacts(home, Progress.SILENT, null).lacking();
    List<Doctor.Need> needs = new ArrayList<>();
    if (bundle != null) {
      needs.add(bundle);
    }
    needs.addAll(new Doctor(home.dist(), home.cache(), lacking).table());
    return needs;
  }

  private static void print(Doctor.Need need) {
    System.out.printf(
        "%-8s %-28s %-22s %s%n",
        need.present() ? "present" : "MISSING",
        need.name(),
        need.version(),
        need.present() ? need.why() : need.howToGet());
  }
}
