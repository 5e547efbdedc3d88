package dev.muster.cli.drill;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillSource;
import dev.muster.engine.home.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    header = "Checks drill files: says OK of each, or what is wrong with line and column.",
    description = {
      "%nNothing is asked of a cluster; 'muster run DRILL --dry-run' does that. Exit code 0 if all"
          + " are right, 64 otherwise.",
      "%n  muster validate drills/*.yaml",
      "  kustomize build . | muster validate -%n"
    })
public final class ValidateCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "Drills, or files of Chaos Mesh; - is standard input.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private List<Path> files;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public Integer call() {
    ExitCode code = ExitCode.PASS;
    for (Path file : files) {
      try {
        DrillSource source = DrillSource.of(file, System.in);
        Drill drill = source.drill();
        System.out.println(source.file() + ": OK, drill " + drill.metadata().name());
      } catch (DrillException e) {
        spec.commandLine().getErr().println(e.getMessage());
        code = ExitCode.USAGE;
      }
    }
    return code.code();
  }
}
