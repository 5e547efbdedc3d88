package dev.muster.cli;

import dev.muster.cli.doctor.BundleOption;
import dev.muster.cli.terminal.Output;
import dev.muster.engine.console.Console;
import dev.muster.engine.site.LabArtifacts;
import dev.muster.lab.LabImages;
import dev.muster.lab.build.ImagePush;
import dev.muster.lab.node.Image;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    header =
        "The container images of lab, reference service and fault agent, without a container"
            + " daemon.",
    description = {
      "%n  muster images build               components and images into the cache",
      "  muster images load --name default what was built since into a running lab",
      "  muster images push HOST/PATH      service's and agent's to your registry",
      "  muster images push HOST/PATH --own    Muster's own, from an archive of it%n"
    })
final class ImagesCommand {
  /** What a cluster that is not the lab needs: those of charts/deepseek, and the fault agent's. */
  private static final List<String> FOREIGN = List.of("deepseek", "etcd", "agent");

  /** What of charts/monitoring no project publishes in this form. */
  private static final List<String> LOGS = List.of("opensearch", "rsyslog");

  private static final String OWN =
      "Muster's own image instead; Muster must have come in an archive.";

  private static final String VERSION =
      "Kubernetes of the lab, like 1.37 or 1.26.15 (default: ${DEFAULT-VALUE}).";

  @Command(
      name = "build",
      mixinStandardHelpOptions = true,
      header =
          "Builds what the cache does not have: about half an hour the first time, then seconds.")
  int build(
      @Option(
              names = "--kubernetes",
              paramLabel = "VERSION",
              defaultValue = "1.37",
              description = VERSION)
          String kubernetes,
      @Option(names = "--monitoring", description = "With those of charts/monitoring.")
          boolean monitoring,
      @Option(names = "--own", description = OWN) boolean own,
      @Option(names = "--output", paramLabel = "FORMAT", description = "text (default) or json.")
          @Nullable Output output,
      @Mixin BundleOption bundle) {
    List<Image> images;
    try (Console console = Main.console(false)) {
      LabArtifacts stock = bundle.stock(Main.home(), console);
      images = own ? stock.ownImage() : stock.parts(kubernetes, null, monitoring, true).images();
    }
    if (output == Output.json) {
      System.out.println(new JsonMapper().writeValueAsString(images));
    } else {
      images.forEach(i ->
          System.out.printf("%-24s %s  %s%n", i.name(), i.digest().substring(0, 12), i.archive()));
    }
    return 0;
  }

  @Command(
      name = "load",
      mixinStandardHelpOptions = true,
      header = "Loads images into every node of a running lab.",
      description =
          "%nWithout --archive: the lab's own images as they are in the source tree now.%n")
  int load(
      @Mixin LabCommand.Name name,
      @Option(
              names = "--archive",
              paramLabel = "FILE",
              description = "An image archive (docker save).")
          @Nullable List<Path> archives,
      @Option(names = "--monitoring", description = "With those of charts/monitoring.")
          boolean monitoring) {
    try (Console console = Main.console(false)) {
      var lab = name.lab();
      var load = new LabImages(lab, console);
      if (archives == null) {
        new LabArtifacts(Main.home(), console, null)
            .parts(lab.kubernetes(), null, monitoring, false)
            .images()
            .forEach(i -> load.load(i.archive()));
      } else {
        archives.forEach(load::load);
      }
    }
    return 0;
  }

  @Command(
      name = "push",
      mixinStandardHelpOptions = true,
      header =
          "Pushes the reference service's and the fault agent's images to a registry, for a cluster"
              + " that is not the lab.",
      description =
          "%nCredentials are those of docker login. $HTTPS_PROXY, $HTTP_PROXY and $NO_PROXY are"
              + " honoured. Prints the values for the chart, and where the agent is.%n")
  int push(
      @Parameters(paramLabel = "HOST/PATH", description = "Like registry.example.com/drills.")
          String prefix,
      @Option(
              names = "--monitoring",
              description = "With log store and shipper of charts/monitoring.")
          boolean monitoring,
      @Option(names = "--own", description = OWN) boolean own,
      @Option(names = "--insecure", description = "Allow plain HTTP.") boolean insecure) {
    List<String> names = new ArrayList<>(FOREIGN);
    if (monitoring) {
      names.addAll(LOGS);
    }
    try (Console console = Main.console(false)) {
      LabArtifacts stock = new LabArtifacts(Main.home(), console, null);
      for (Image image : own ? stock.ownImage() : stock.images(names)) {
        console.say("pushing " + image.name());
        var pushed = new ImagePush(prefix, insecure, System.getenv()).push(image);
        System.out.println(use(image.name(), pushed));
      }
    }
    return 0;
  }

  /** What to tell those who use an image: a value of the chart, or the agent's place. */
  static String use(String name, ImagePush.Pushed pushed) {
    return switch (name.substring(name.lastIndexOf('/') + 1, name.lastIndexOf(':'))) {
      case "agent" ->
          "# fault agent: %s:%s  # %s"
              .formatted(pushed.repository(), pushed.tag(), pushed.digest());
      case "muster" ->
          "# Muster: %s:%s  # %s".formatted(pushed.repository(), pushed.tag(), pushed.digest());
      case "etcd" -> value("etcd.image", pushed);
      case "opensearch" -> value("opensearch.image", pushed);
      case "rsyslog" -> value("shipper.image", pushed);
      default -> value("image", pushed);
    };
  }

  private static String value(String value, ImagePush.Pushed pushed) {
    return "--set %s.repository=%s --set-string %s.tag=%s  # %s"
        .formatted(value, pushed.repository(), value, pushed.tag(), pushed.digest());
  }
}
