package dev.muster.cli.drill;

import dev.muster.cluster.fault.Rbac;
import dev.muster.drill.file.DrillSource;
import dev.muster.engine.home.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "rbac",
    mixinStandardHelpOptions = true,
    header = "Prints the roles that a drill needs and no more, as YAML to apply.",
    description = {
      "%nWhat is needed depends on the drill's faults. The commands that bind the roles to a user"
          + " stand in the first lines. Nothing is asked of a cluster and nothing is changed.",
      "%n  muster rbac DRILL | kubectl apply -f -%n"
    })
public final class RbacCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "DRILL",
      description = "The drill file, like drills/node-shutdown.yaml; - is standard input.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Override
  public Integer call() {
    System.out.print(Rbac.yaml(DrillSource.of(file, System.in).drill()));
    return ExitCode.PASS.code();
  }
}
