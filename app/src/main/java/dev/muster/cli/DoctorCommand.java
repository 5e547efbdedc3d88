package dev.muster.cli;

import dev.muster.engine.ExitCode;
import dev.muster.lab.Doctor;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    header = "Shows what the lab needs of this machine, what is missing, and how to get it.",
    description = "%nExit code 0 if nothing is missing, 69 otherwise.%n")
final class DoctorCommand implements Callable<Integer> {

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description = "text (default) or json: an array with an object for each need.")
  private Output output = Output.text;

  @Override
  public Integer call() {
    List<Doctor.Need> needs = new Doctor(Main.home().dist(), Main.home().cache()).table();
    if (output == Output.json) {
      System.out.println(new JsonMapper().writeValueAsString(needs));
    } else {
      needs.forEach(DoctorCommand::print);
    }
    boolean missing = needs.stream().anyMatch(n -> !n.present());
    return (missing ? ExitCode.ENVIRONMENT : ExitCode.PASS).code();
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
