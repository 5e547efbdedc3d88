package dev.muster.cli;

import dev.muster.cli.drill.ConvertCommand;
import dev.muster.cli.drill.ExplainCommand;
import dev.muster.cli.drill.KindsCommand;
import dev.muster.cli.drill.RbacCommand;
import dev.muster.cli.drill.ValidateCommand;
import dev.muster.cluster.connect.ApiErrors;
import dev.muster.cluster.connect.ClusterException;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.port.Power;
import dev.muster.drill.time.RealTime;
import dev.muster.engine.console.Console;
import dev.muster.engine.console.Terminal;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.home.Version;
import dev.muster.lab.host.LabException;
import dev.muster.lab.host.WrongLabException;
import dev.muster.source.Trouble;
import dev.muster.timeline.file.JournalException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line: composition root of everything. */
@Command(
    name = "muster",
    mixinStandardHelpOptions = true,
    header = "Proves that losing a node does not break an LLM service on Kubernetes.",
    description = {
      "%nTypical use:%n",
      "  muster run drills/node-shutdown.yaml     a drill in a lab on this machine",
      "  muster run DRILL --context NAME          the same on your own cluster",
      "  muster report                            the report of the newest run again",
      "  muster cleanup                           undo whatever a killed run left%n"
    },
    footer = Main.EXIT_CODES,
    subcommands = {
      InitCommand.class,
      RunCommand.class,
      LoadCommand.class,
      ValidateCommand.class,
      KindsCommand.class,
      ExplainCommand.class,
      ConvertCommand.class,
      LabCommand.class,
      ImagesCommand.class,
      BundleCommand.class,
      DoctorCommand.class,
      RbacCommand.class,
      ReportCommand.class,
      RunsCommand.class,
      StopCommand.class,
      ResumeCommand.class,
      CleanupCommand.class,
      CompletionCommand.class,
      HelpCommand.class
    })
public final class Main {
  static final String EXIT_CODES =
      "%nExit codes: 0 pass, 1 fail, 2 inconclusive, 64 wrong usage or drill file,%n69 machine or"
          + " cluster lacks something, 70 internal error, 130 or 143 ended at once by a second"
          + " Ctrl-C or TERM.";

  private static final String HINT = "; set MUSTER_DEBUG=1 to see where";

  private static final boolean DEBUG = System.getenv("MUSTER_DEBUG") != null;

  /** Kept, for the JDK forgets the level of a logger that nobody holds. */
  private static final Logger KUBERNETES_CLIENT = Logger.getLogger("io.fabric8");

  private Main() {}

  public static void main(String[] args) {
    if (!DEBUG) { // it tells in traces what Muster tells in a sentence
      KUBERNETES_CLIENT.setLevel(Level.OFF);
    }
    utf8();
    if (args.length == 1 && args[0].equals("--version")) { // without the model of all commands
      System.out.println(version(place().dist()));
      return;
    }
    int code = ExitCode.INTERNAL.code();
    try {
      CommandLine line = line();
      line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
      line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
      code = run(line, args);
    } catch (Throwable e) { // 1 is a verdict, and what the JVM makes of an error
      System.err.println("muster: internal error: " + e.getClass().getSimpleName());
    }
    System.exit(code);
  }

  /** Names and sentences are what they are, whatever the locale: under LANG=C too. */
  static void utf8() {
    System.setOut(new PrintStream(System.out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(System.err, true, StandardCharsets.UTF_8));
  }

  /** Whatever happens: told in a line, with an exit code that is no verdict's. */
  static int run(CommandLine line, String... args) {
    try {
      return line.execute(args);
    } catch (Error e) { // of which the library lets every one through
      return tell(e, line.getErr());
    }
  }

  /** All commands, with errors told as the README says. */
  static CommandLine line() {
    CommandLine line = new CommandLine(new Main());
    line.getCommandSpec().versionProvider(() -> new String[] {version(place().dist())});
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // what is not ours is kubectl's: muster lab kubectl get pods -A
    line.getSubcommands().values().stream()
        .flatMap(command -> command.getSubcommands().values().stream())
        .filter(command -> command.getCommandName().equals("kubectl"))
        .forEach(command -> command.setUnmatchedOptionsArePositionalParams(true));
    line.setParameterExceptionHandler((e, given) -> {
      CommandLine failed = e.getCommandLine();
      if (onlyGroups(failed) && e.getClass() == CommandLine.ParameterException.class) {
        failed.usage(failed.getErr()); // it was given alone
        return ExitCode.USAGE.code();
      }
      failed.getErr().println("muster: " + e.getMessage());
      CommandLine.UnmatchedArgumentException.printSuggestions(e, failed.getErr());
      if (failed.getCommand() instanceof RunsCommand
          && e instanceof CommandLine.UnmatchedArgumentException) {
        failed
            .getErr()
            .println("'muster runs' alone lists them, 'muster runs show RUN' shows one.");
      }
      failed.getErr().println("Try '" + failed.getCommandSpec().qualifiedName() + " --help'.");
      return ExitCode.USAGE.code();
    });
    line.setExecutionExceptionHandler((e, failed, given) -> tell(e, failed.getErr()));
    neverAVerdict(line);
    return line;
  }

  private static String version(Path dist) {
    String commit = Version.commit(dist);
    return "muster " + Version.number() + (commit == null ? "" : " (commit " + commit + ")");
  }

  /** The library's own codes for its own failures are 1 and 2. */
  private static void neverAVerdict(CommandLine line) {
    line.getCommandSpec()
        .exitCodeOnExecutionException(ExitCode.INTERNAL.code())
        .exitCodeOnInvalidInput(ExitCode.USAGE.code());
    line.getSubcommands().values().forEach(Main::neverAVerdict);
  }

  /** A name for commands, that does nothing alone. */
  private static boolean onlyGroups(CommandLine line) {
    return !line.getSubcommands().isEmpty() && !(line.getCommand() instanceof Callable);
  }

  /** The console of a long command: live on a terminal, plain lines otherwise. */
  static Console console(boolean quiet) {
    return console(System.err, quiet);
  }

  static Console console(PrintStream stream, boolean quiet) {
    int descriptor = stream.equals(System.out) ? 1 : 2;
    IntSupplier columns = Terminal.columns(descriptor, System.getenv());
    return new Console(stream, columns, quiet, RealTime.TIME).start();
  }

  /** Of every command that keeps or looks for something: refused where that could not be there. */
  static Home home() {
    return place().usable();
  }

  /** The same, whatever it is like. */
  static Home place() {
    String dist = System.getProperty("muster.dist", ".");
    Path user = Path.of(System.getProperty("user.home"));
    return Home.of(System.getenv(), user, Path.of(dist).toAbsolutePath());
  }

  /** Turns what went wrong into one message and an exit code; a stack trace only on request. */
  private static int tell(Throwable e, PrintWriter err) {
    ExitCode code =
        switch (e) {
          case Refusal refusal -> refusal.code();
          case DrillException _, WrongLabException _ -> ExitCode.USAGE;
          case LabException _,
              ClusterException _,
              JournalException _,
              Power.PowerException _,
              KubernetesClientException _,
              IOException _,
              UncheckedIOException _ ->
              ExitCode.ENVIRONMENT;
          default -> ExitCode.INTERNAL;
        };
    err.println("muster: " + words(e) + (code == ExitCode.INTERNAL && !DEBUG ? HINT : ""));
    if (DEBUG) {
      e.printStackTrace(err);
    }
    return code.code();
  }

  private static String words(Throwable e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return switch (e) {
      case Refusal _, DrillException _, WrongLabException _, LabException _ -> message;
      case ClusterException _, JournalException _, Power.PowerException _ -> message;
      case KubernetesClientException api ->
          "the cluster did not do as asked: " + line(ApiErrors.why(api));
      case FileSystemException file when file.getFile() != null ->
          file.getFile() + ": " + Trouble.why(file);
      case IOException io -> line(Trouble.why(io));
      case UncheckedIOException io when io.getCause() != null -> words(io.getCause());
      case StackOverflowError _ -> "internal error: something is nested too deeply";
      case OutOfMemoryError _ -> "internal error: not enough memory (" + line(message) + ")";
      default -> "internal error: " + e.getClass().getSimpleName() + ": " + line(message);
    };
  }

  private static String line(String text) {
    return text.strip().replaceAll("\\s*\\p{Cntrl}+\\s*", " ");
  }
}
