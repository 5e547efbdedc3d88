package dev.muster.cli;

import dev.muster.cluster.Connection;
import dev.muster.drill.DrillFile;
import dev.muster.engine.ExitCode;
import dev.muster.engine.Refusal;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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
          + " lies its schema, for editors.",
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
    var answers = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    List<OwnService> all = OwnService.all(client, namespace);
    if (all.isEmpty()) {
      throw new Refusal(
          ExitCode.ENVIRONMENT,
          "no Deployment or StatefulSet"
              + (namespace == null ? " outside kube-*" : " in namespace " + namespace));
    }
    List<String> namespaces = all.stream().map(OwnService::namespace).distinct().sorted().toList();
    String where =
        workload != null && namespace == null
            ? chosen("namespace", null, having(all, workload, namespaces), answers)
            : chosen("namespace", namespace, namespaces, answers);
    List<OwnService> there = all.stream().filter(s -> s.namespace().equals(where)).toList();
    String which =
        chosen("workload", workload, there.stream().map(OwnService::word).toList(), answers);
    OwnService service =
        there.stream().filter(s -> s.word().equals(which)).findFirst().orElseThrow();
    String url = endpoint != null ? endpoint : endpoint(service.endpoints(client), answers);
    String text = FirstDrill.of(service, url.equals(NONE) ? null : url, model);
    DrillFile.parse(text, file.toString()); // what a user gave may be none
    Files.writeString(file, text);
    Files.writeString(schema, DrillFile.schema());
  }

  private static List<String> having(
      List<OwnService> all, String workload, List<String> otherwise) {
    List<String> having =
        all.stream().filter(s -> s.word().equals(workload)).map(OwnService::namespace).toList();
    return having.isEmpty() ? otherwise : having;
  }

  private static String endpoint(List<String> found, BufferedReader answers) throws IOException {
    if (found.isEmpty()) {
      System.err.println("no ingress and no load balancer leads to it: the drill has no load");
      return NONE;
    }
    List<String> offered = new java.util.ArrayList<>(found);
    offered.add(NONE);
    return chosen("endpoint", null, offered, answers);
  }

  /** The given one, the only one, or the one that is asked for. */
  private static String chosen(
      String what, @Nullable String given, List<String> offered, BufferedReader answers)
      throws IOException {
    if (given != null) {
      if (!offered.contains(given)) {
        throw unknown(what, given, offered);
      }
      return given;
    }
    if (offered.size() == 1) {
      return offered.getFirst();
    }
    System.err.println(what + ":");
    for (int i = 0; i < offered.size(); i++) {
      System.err.println("  " + (i + 1) + "  " + offered.get(i));
    }
    System.err.print("number or name: ");
    System.err.flush();
    String answer = answers.readLine();
    if (answer == null) {
      throw new Refusal(
          ExitCode.USAGE, "give --" + what + ": one of " + String.join(", ", offered));
    }
    String word = answer.strip();
    if (word.matches("[1-9][0-9]{0,5}") && Integer.parseInt(word) <= offered.size()) {
      return offered.get(Integer.parseInt(word) - 1);
    }
    if (!offered.contains(word)) {
      throw unknown(what, word, offered);
    }
    return word;
  }

  private static Refusal unknown(String what, String given, List<String> offered) {
    return new Refusal(
        ExitCode.USAGE, "no " + what + " " + given + "; there is " + String.join(", ", offered));
  }
}
