package dev.muster.cli;

import dev.muster.cli.doctor.BundleOption;
import dev.muster.cli.terminal.Interrupt;
import dev.muster.cli.terminal.Output;
import dev.muster.drill.port.Power;
import dev.muster.engine.console.Console;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Home;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.site.LabArtifacts;
import dev.muster.engine.site.Sites;
import dev.muster.lab.Lab;
import dev.muster.lab.node.LabSpec;
import dev.muster.lab.node.Leftovers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    header = "A real Kubernetes on this machine.",
    description = {
      "%nControl plane, nodes, cluster DNS, ingress and load balancer, each node in namespaces and"
          + " a cgroup of its own. Nothing listens outside of them.",
      "%n  muster lab up                          four nodes in three zones",
      "  muster lab kubectl -- get pods -A      any kubectl command",
      "  muster lab power off node-2            cut the power of a node",
      "  muster lab down                        nothing of it remains%n"
    })
final class LabCommand {
  static final String DEFAULT = "default";

  /** The name of the lab, the same in every command. */
  static final class Name {
    @Option(
        names = {"--name", "--lab"}, // 'muster run' calls it --lab
        paramLabel = "LAB",
        defaultValue = DEFAULT,
        description = "Which lab (default: ${DEFAULT-VALUE}).")
    String name = DEFAULT;

    Lab lab() {
      Home home = Main.home();
      return Lab.find(home.labs(), name)
          .orElseThrow(() ->
              new Refusal(
                  ExitCode.USAGE, notUp(name, home) + " (muster lab up --name " + name + ")"));
    }

    private static String notUp(String name, Home home) {
      List<String> there = Lab.names(home.labs());
      return "no lab %s is up; there is %s"
          .formatted(name, there.isEmpty() ? "none" : String.join(", ", there));
    }
  }

  @Command(
      name = "up",
      mixinStandardHelpOptions = true,
      header = "Starts a lab and waits until nodes and ingress are ready.")
  int up(
      @Mixin Name name,
      @Option(
              names = "--kubernetes",
              paramLabel = "VERSION",
              defaultValue = "1.37",
              description = "Version, like 1.37 or 1.26.15 (default: ${DEFAULT-VALUE}).")
          String kubernetes,
      @Option(
              names = "--binaries",
              paramLabel = "DIR",
              description = "Kubernetes programs of your own, instead of compiled ones.")
          @Nullable Path binaries,
      @Option(
              names = "--nodes",
              paramLabel = "N",
              defaultValue = "4",
              description =
                  "Nodes with 'ops', which is never a victim (default: ${DEFAULT-VALUE}).")
          int nodes,
      @Option(
              names = "--zones",
              paramLabel = "ZONE",
              split = ",",
              defaultValue = "a,b,c",
              description = "Zones (default: ${DEFAULT-VALUE}).")
          List<String> zones,
      @Option(
              names = "--set",
              paramLabel = "COMPONENT.FLAG=VALUE",
              description =
                  "A flag of a component, like"
                      + " kube-controller-manager.node-monitor-grace-period=20s.")
          @Nullable Map<String, String> settings,
      @Option(
              names = "--no-ingress",
              description = "Without Contour, for drills of what has no clients.")
          boolean noIngress,
      @Option(names = "--monitoring", description = "With the images of charts/monitoring.")
          boolean monitoring,
      @Mixin BundleOption bundle) {
    Interrupt interrupt = Interrupt.listen("'muster lab down' takes down what is left.");
    try (Console console = Main.console(false)) {
      Home home = Main.home();
      LabArtifacts stock = bundle.stock(home, console);
      LabArtifacts.Parts parts = stock.parts(kubernetes, binaries, monitoring, false);
      Sites sites = new Sites(home, console, stock);
      LabSpec spec =
          LabSpec.of(name.name, parts.binaries().version(), nodes, zones, byComponent(settings));
      Lab lab = sites.up(noIngress ? spec.withoutIngress() : spec, parts);
      console.say("kubeconfig  " + lab.kubeconfig());
      console.say("ingress     " + ingress(lab));
    } finally {
      interrupt.over();
    }
    return 0;
  }

  private static String ingress(Lab lab) {
    URI url = lab.url();
    return url == null ? "none" : url.toString();
  }

  private static Map<String, Map<String, String>> byComponent(
      @Nullable Map<String, String> settings) {
    Map<String, Map<String, String>> all = new TreeMap<>();
    if (settings != null) {
      settings.forEach((key, value) -> {
        int dot = key.indexOf('.');
        if (dot < 1) {
          throw new Refusal(
              ExitCode.USAGE, "--set " + key + "=" + value + ": write COMPONENT.FLAG=VALUE");
        }
        all.computeIfAbsent(key.substring(0, dot), _ -> new TreeMap<>())
            .put(key.substring(dot + 1), value);
      });
    }
    return all;
  }

  @Command(
      name = "down",
      mixinStandardHelpOptions = true,
      header = "Takes a lab down in whatever state it is; nothing of it remains.")
  int down(@Mixin Name name) {
    Home home = Main.home();
    if (Lab.find(home.labs(), name.name).isEmpty()) {
      System.out.println(Name.notUp(name.name, home) + "; looking for leftovers");
    }
    Lab.down(home.labs(), name.name);
    List<String> left = Leftovers.of(name.name, home.labs().resolve(name.name));
    left.forEach(l -> System.out.println("still there: " + l));
    return left.isEmpty() ? 0 : ExitCode.INTERNAL.code();
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      header = "Shows a lab: version, addresses, nodes and their power.")
  int status(
      @Mixin Name name,
      @Option(names = "--url", description = "Only the ingress' URL.") boolean url,
      @Option(names = "--output", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Output output) {
    Lab lab = name.lab();
    if (url) {
      URI there = lab.url();
      if (there == null) {
        throw new Refusal(
            ExitCode.USAGE, "lab %s has no ingress: it was started so".formatted(lab.name()));
      }
      System.out.println(there);
      return 0;
    }
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("name", lab.name());
    status.put("state", lab.running() ? "up" : lab.complete() ? "broken" : "starting or cut short");
    status.put("kubernetes", lab.kubernetes());
    status.put("kubeconfig", lab.kubeconfig().toString());
    status.put("ingress", ingress(lab));
    Map<String, String> nodes = new LinkedHashMap<>();
    Power power = lab.power();
    lab.nodes()
        .forEach(n -> nodes.put(n, power.state(n).toString().toLowerCase(java.util.Locale.ROOT)));
    status.put("nodes", nodes);
    if (output == Output.json) {
      System.out.println(new JsonMapper().writeValueAsString(status));
    } else {
      status.forEach((key, value) -> System.out.printf("%-11s %s%n", key, value));
    }
    return 0;
  }

  @Command(
      name = "kubeconfig",
      mixinStandardHelpOptions = true,
      header = "Prints the path of the lab's kubeconfig (administrator of the lab).")
  int kubeconfig(@Mixin Name name) {
    System.out.println(name.lab().kubeconfig());
    return 0;
  }

  @Command(
      name = "kubectl",
      mixinStandardHelpOptions = true,
      header = "Runs the lab's own kubectl: muster lab kubectl -- get nodes.")
  int kubectl(
      @Mixin Name name,
      @Parameters(paramLabel = "ARGUMENT", description = "For kubectl.", arity = "0..*")
          List<String> arguments)
      throws IOException, InterruptedException {
    return run(name.lab().kubectl(arguments));
  }

  @Command(
      name = "power",
      mixinStandardHelpOptions = true,
      header = "Cuts or restores the power of a node, or tells its state.",
      description =
          "%nA cut node says no goodbye: its link goes first, then all of its processes.%n")
  int power(
      @Mixin Name name,
      @Parameters(paramLabel = "ACTION", description = "${COMPLETION-CANDIDATES}") Action action,
      @Parameters(paramLabel = "NODE", description = "Like node-2.") String node) {
    Power power = name.lab().power();
    switch (action) {
      case off -> power.off(node);
      case on -> power.on(node);
      case state ->
          System.out.println(power.state(node).toString().toLowerCase(java.util.Locale.ROOT));
    }
    return 0;
  }

  enum Action {
    off,
    on,
    state
  }

  @Command(
      name = "logs",
      mixinStandardHelpOptions = true,
      header = "Lists the logs of the lab's components, or prints one.")
  int logs(
      @Mixin Name name,
      @Parameters(
              paramLabel = "COMPONENT",
              arity = "0..1",
              description = "Like kube-controller-manager or node-2-kubelet.")
          @Nullable String component,
      @Option(
              names = {"-f", "--follow"},
              description = "Go on as it grows.")
          boolean follow)
      throws IOException, InterruptedException {
    Path logs = name.lab().logs();
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(logs)) {
      files
          .map(f -> f.getFileName().toString())
          .filter(f -> f.endsWith(".log"))
          .sorted()
          .forEach(f -> names.add(f.substring(0, f.length() - 4)));
    }
    if (component == null) {
      names.forEach(System.out::println);
      return 0;
    }
    if (!names.contains(component)) {
      throw new Refusal(
          ExitCode.USAGE, "no log %s; there is %s".formatted(component, String.join(", ", names)));
    }
    String file = logs.resolve(component + ".log").toString();
    return run(
        new ProcessBuilder(
            follow ? List.of("tail", "-n", "+1", "-f", file) : List.of("cat", file)));
  }

  private static int run(ProcessBuilder command) throws IOException, InterruptedException {
    return command.inheritIO().start().waitFor();
  }
}
