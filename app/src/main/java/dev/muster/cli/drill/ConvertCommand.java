package dev.muster.cli.drill;

import dev.muster.drill.file.DrillSource;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "convert",
    mixinStandardHelpOptions = true,
    header = "Prints the drill that a Chaos Mesh file is run as.",
    description = {
      "%nTaken are PodChaos, NetworkChaos, StressChaos, Workflow and Schedule. A field that a drill"
          + " can not honour is refused with its line and the reason; where the drill differs a"
          + " little, a comment in it says so. 'muster run FILE' does the same by itself.",
      "%n  muster convert chaos.yaml > drill.yaml%n"
    })
public final class ConvertCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "FILE",
      description = "A file of Chaos Mesh; a drill is printed as it is; - is standard input.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Override
  public Integer call() {
    DrillSource source = DrillSource.of(file, System.in);
    source.drill(); // refuses one that is none
    System.out.print(source.text());
    return 0;
  }
}
