package dev.muster.cluster.connect;

import dev.muster.source.Proxies;
import dev.muster.source.Trouble;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A context of a kubeconfig of which all that it names is there.
 *
 * @param lab whether the file says that the cluster is a lab, which is on this machine: no proxy
 *     knows a way there
 * @param user empty where it names none
 * @param program which is asked for the user's credentials; null where none is
 * @param tokenFile where the user's token stands; null where it is in no file
 */
public record KubeContext(
    Path file,
    String name,
    String server,
    boolean lab,
    String user,
    @Nullable ExecProgram program,
    @Nullable Path tokenFile) {
  private static final int LAST_PORT = 65_535;

  /**
   * The extension that a lab's kubeconfig has; copies of it, however they are edited, have it too.
   */
  private static final String LAB = "muster.dev/lab";

  private static final String OTHER_USER =
      "Muster acts with the user's own rights; take it out and name a user who has the rights";

  /** What would be another server, or another user, if it were passed over. */
  private static final Map<String, String> OF_CLUSTERS =
      Map.of(
          "proxy-url", "Muster asks the server itself; name a server that can be reached from here",
          "tls-server-name",
              "Muster verifies the server by the name that it is asked by; use that of the certificate in \"server\"");

  private static final Map<String, String> OF_USERS =
      Map.of(
          "as", OTHER_USER,
          "as-uid", OTHER_USER,
          "as-groups", OTHER_USER,
          "as-user-extra", OTHER_USER);

  /**
   * @param asked null: the file's current context
   * @throws ClusterException if there is none, or something that it names cannot be used
   */
  public static KubeContext read(Path file, @Nullable String asked) {
    Kubeconfig config = Kubeconfig.read(file);
    String name = config.context(asked);
    JsonNode context = config.entry("context", name, "it");
    String because = "context " + name;
    String cluster = Kubeconfig.word(context, "cluster");
    JsonNode where = config.entry("cluster", cluster, because);
    String server = Kubeconfig.word(where, "server");
    refuse(config, where, OF_CLUSTERS, "cluster " + cluster);
    if (!usable(server)) {
      throw config.wrong(
          "server of cluster %s is \"%s\", no URL like https://HOST:6443"
              .formatted(cluster, server));
    }
    holds(config, where, "certificate-authority", "CERTIFICATE", "cluster " + cluster);
    boolean lab =
        where
            .path("extensions")
            .valueStream()
            .anyMatch(e -> Kubeconfig.word(e, "name").equals(LAB));
    String user = Kubeconfig.word(context, "user");
    if (user.isEmpty()) {
      return new KubeContext(file, name, server, lab, "", null, null);
    }
    JsonNode who = config.entry("user", user, because);
    String whose = "user " + user;
    refuse(config, who, OF_USERS, whose);
    String provider = Kubeconfig.word(who.path("auth-provider"), "name");
    if (who.path("auth-provider").isObject() && !provider.equals("oidc")) {
      throw config.wrong(
          "%s has the auth-provider %s, which Kubernetes has no more; use its exec program"
              .formatted(whose, provider));
    }
    if (holds(config, who, "client-certificate", "CERTIFICATE", whose)
        != holds(config, who, "client-key", "PRIVATE KEY", whose)) {
      throw config.wrong(whose + " needs both, a client-certificate and its client-key");
    }
    boolean token = !Kubeconfig.word(who, "token").isEmpty();
    ExecProgram program =
        token || !who.path("exec").isObject()
            ? null // what is there already goes before, as with kubectl
            : ExecReader.read(config, name, cluster, where, user, who);
    if (program != null && !runnable(file, program.name())) {
      throw config.wrong(
          "%s needs the program %s, which is not %s%s"
              .formatted(
                  whose,
                  program.name(),
                  program.name().contains("/") ? "there to be run" : "on the PATH",
                  program.hint().isEmpty() ? "" : "; " + program.hint()));
    }
    return new KubeContext(
        file,
        name,
        server,
        lab,
        user,
        program,
        holds(config, who, "tokenFile", "", whose)
            ? beside(file, Kubeconfig.word(who, "tokenFile"))
            : null);
  }

  /** What leads to the server in this environment: for a lab nothing does. */
  Proxies proxies(Map<String, String> environment) {
    return new Proxies(lab ? Map.of() : environment);
  }

  private static void refuse(
      Kubeconfig config, JsonNode of, Map<String, String> fields, String whose) {
    for (String field : new TreeSet<>(fields.keySet())) {
      JsonNode value = of.path(field);
      boolean said = value.isContainer() ? !value.isEmpty() : !value.asString("").isEmpty();
      if (said) {
        throw config.wrong(
            "%s of %s is not honoured: %s".formatted(field, whose, fields.get(field)));
      }
    }
  }

  private static boolean usable(String server) {
    try {
      URI uri = new URI(server);
      return ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
          && uri.getHost() != null
          && uri.getPort() <= LAST_PORT;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /**
   * Whether the field is there. Its data goes before the file that it names.
   *
   * @param what the kind of PEM block that has to be in it
   */
  private static boolean holds(
      Kubeconfig config, JsonNode of, String field, String what, String whose) {
    String data = Kubeconfig.word(of, field + "-data");
    String name = Kubeconfig.word(of, field);
    if (data.isEmpty() && name.isEmpty()) {
      return false;
    }
    try {
      byte[] content =
          data.isEmpty()
              ? Files.readAllBytes(beside(config.file(), name))
              : Base64.getMimeDecoder().decode(data);
      if (!new String(content, StandardCharsets.ISO_8859_1).contains(what)) {
        throw config.wrong(
            "%s of %s holds no %s in PEM form"
                .formatted(field, whose, what.toLowerCase(Locale.ROOT)));
      }
      return true;
    } catch (IllegalArgumentException e) {
      throw config.wrong("%s-data of %s is not base64".formatted(field, whose));
    } catch (IOException e) {
      throw config.wrong(
          "%s of %s is %s, which can not be read: %s"
              .formatted(field, whose, name, Trouble.why(e)));
    }
  }

  private static boolean runnable(Path file, String program) {
    if (program.contains("/")) {
      return Files.isExecutable(beside(file, program));
    }
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** Names are told from the kubeconfig's folder. */
  private static Path beside(Path file, String name) {
    return file.toAbsolutePath().resolveSibling(name);
  }
}
