package dev.muster.cli;

import dev.muster.cli.drill.FirstDrill;
import dev.muster.cli.drill.OwnService;
import dev.muster.cli.terminal.Answers;
import dev.muster.cluster.connect.Connection;
import dev.muster.drill.file.DrillFile;
import dev.muster.engine.console.Terminal;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    header = "Asks a cluster what runs there and writes a drill for one of its workloads.",
    description = {
      "%nWhat is not given by an option and is not the only one of its kind is asked for. Nothing"
          + " in the cluster is changed; a file that is there is not overwritten. Beside the drill"
          + " lies its schema, for editors. With --namespace, --workload and --endpoint only that"
          + " workload is looked at.",
      "%n  muster init --context NAME",
      "  muster init --context NAME --workload Deployment/api --endpoint none%n"
    })
final class InitCommand implements Callable<Integer> {
  private static final String NONE = "none";

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      defaultValue = "drill.yaml",
      description = "Where to write the drill; default: ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Option(names = "--kubeconfig", paramLabel = "FILE", description = "Ask this cluster.")
  private @Nullable Path kubeconfig;

  @Option(names = "--context", paramLabel = "NAME", description = "Ask this context's cluster.")
  private @Nullable String context;

  @Option(names = "--namespace", paramLabel = "NAME", description = "Namespace of the workload.")
  private @Nullable String namespace;

  @Option(
      names = "--workload",
      paramLabel = "KIND/NAME",
      description = "Such as Deployment/api or StatefulSet/worker.")
  private @Nullable String workload;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "Where its clients reach it, or 'none': then the drill has no load.")
  private @Nullable String endpoint;

  @Option(names = "--model", paramLabel = "NAME", description = "As its API names the model.")
  private @Nullable String model;

  @Override
  public Integer call() throws IOException {
    if (kubeconfig == null && context == null) {
      throw new Refusal(ExitCode.USAGE, "name the cluster by --context NAME or --kubeconfig FILE");
    }
    Path schema = file.toAbsolutePath().resolveSibling(FirstDrill.SCHEMA);
    refuseExisting(schema);
    try (KubernetesClient client =
        Connection.open(SiteOptions.kubeconfig(kubeconfig, context), context)) {
      write(client, schema);
    }
    String where = context == null ? "--kubeconfig " + kubeconfig : "--context " + context;
    System.out.println("written: " + file + " (for editors: " + FirstDrill.SCHEMA + ")");
    System.out.println("next: muster doctor " + where + " " + file);
    System.out.println("      muster run " + file + " " + where + " --dry-run");
    return 0;
  }

  private void refuseExisting(Path schema) throws IOException {
    if (Files.exists(file)) {
      throw new Refusal(
          ExitCode.USAGE, file + " is there already and is not overwritten: name another FILE");
    }
    if (Files.exists(schema) && !Files.readString(schema).contains("/drill.schema.json\"")) {
      throw new Refusal(
          ExitCode.USAGE,
          schema + " is there and is not Muster's: write the drill to another folder");
    }
  }

  private void write(KubernetesClient client, Path schema) throws IOException {
    var answers =
        new Answers(
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
            System.err,
            Terminal.is(0));
    OwnService service = service(client, answers);
    String url = endpoint != null ? endpoint : endpoint(client, service, answers);
    String text = FirstDrill.of(service, url.equals(NONE) ? null : url, model);
    DrillFile.parse(text, file.toString()); // what a user gave may be none
    Files.writeString(file, text);
    Files.writeString(schema, DrillFile.schema());
  }

  private OwnService service(KubernetesClient client, Answers answers) throws IOException {
    if (namespace != null && workload != null) {
      String where = namespace;
      String which = workload;
      Optional<OwnService> named =
          allowed(
              () -> OwnService.named(client, where, which),
              "let an administrator run 'muster init', or write target.selector by hand"
                  + " ('muster explain target')");
      if (named.isPresent()) {
        return named.get();
      }
    }
    List<OwnService> all =
        allowed(
            () -> OwnService.all(client, namespace),
            "give --namespace and --workload KIND/NAME of one that there is, then no other is"
                + " looked at");
    if (all.isEmpty()) {
      throw new Refusal(
          ExitCode.ENVIRONMENT,
          "no Deployment or StatefulSet"
              + (namespace == null ? " outside kube-*" : " in namespace " + namespace));
    }
    List<String> namespaces = all.stream().map(OwnService::namespace).distinct().sorted().toList();
    String where =
        workload != null && namespace == null
            ? answers.chosen("namespace", null, having(all, workload, namespaces))
            : answers.chosen("namespace", namespace, namespaces);
    List<OwnService> there = all.stream().filter(s -> s.namespace().equals(where)).toList();
    String which =
        answers.chosen("workload", workload, there.stream().map(OwnService::word).toList());
    return there.stream().filter(s -> s.word().equals(which)).findFirst().orElseThrow();
  }

  private static List<String> having(
      List<OwnService> all, String workload, List<String> otherwise) {
    List<String> having =
        all.stream().filter(s -> s.word().equals(workload)).map(OwnService::namespace).toList();
    return having.isEmpty() ? otherwise : having;
  }

  private static String endpoint(KubernetesClient client, OwnService service, Answers answers)
      throws IOException {
    List<String> found =
        allowed(
            () -> service.endpoints(client),
            "give --endpoint URL, or --endpoint none for a drill without load");
    if (found.isEmpty()) {
      System.err.println("no ingress and no load balancer leads to it: the drill has no load");
      return NONE;
    }
    List<String> offered = new ArrayList<>(found);
    offered.add(NONE);
    return answers.chosen("endpoint", null, offered);
  }

  /**
   * What the cluster tells.
   *
   * @param otherwise what to do where this user may not ask for it
   */
  private static <T> T allowed(Supplier<T> asked, String otherwise) {
    try {
      return asked.get();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_FORBIDDEN) {
        throw e;
      }
      throw new Refusal(
          ExitCode.ENVIRONMENT,
          "what 'muster init' asks for is not allowed: "
              + (e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage())
              + "; "
              + otherwise);
    }
  }
}
