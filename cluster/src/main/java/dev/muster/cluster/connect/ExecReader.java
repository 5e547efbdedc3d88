package dev.muster.cluster.connect;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads what a kubeconfig says of the program that gives a user's credentials. */
final class ExecReader {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String GROUP = "client.authentication.k8s.io/";

  /** What a user may have beside a program. */
  private static final List<String> BESIDE =
      List.of("client-certificate", "client-certificate-data", "client-key", "client-key-data");

  private final Kubeconfig config;
  private final String whose;
  private final JsonNode exec;

  private ExecReader(Kubeconfig config, String user, JsonNode exec) {
    this.config = config;
    this.whose = "exec of user " + user;
    this.exec = exec;
  }

  /**
   * @throws ClusterException if it cannot be run as it is meant
   */
  static ExecProgram read(
      Kubeconfig config,
      String context,
      String cluster,
      JsonNode where,
      String user,
      JsonNode who) {
    ExecReader reader = new ExecReader(config, user, who.path("exec"));
    return new ExecProgram(
        config.file(),
        user,
        reader.command(),
        reader.env(),
        reader.info(where),
        Kubeconfig.word(reader.exec, "installHint").strip(),
        without(config.file(), context, cluster, where, user, who));
  }

  private List<String> command() {
    List<String> words = new ArrayList<>();
    words.add(Kubeconfig.word(exec, "command"));
    if (words.getFirst().isEmpty()) {
      throw config.wrong(whose + " names no command");
    }
    for (JsonNode word : exec.path("args").valueStream().toList()) {
      words.add(text(word, "each of the args"));
    }
    return List.copyOf(words);
  }

  private Map<String, String> env() {
    Map<String, String> env = new LinkedHashMap<>();
    for (JsonNode each : exec.path("env").valueStream().toList()) {
      String name = Kubeconfig.word(each, "name");
      if (name.isEmpty() || name.indexOf('=') >= 0) {
        throw config.wrong(whose + ": an entry of env has no name that a variable can have");
      }
      env.put(name, text(each.path("value"), "the value of " + name));
    }
    return env;
  }

  /** A number would be another word than the one that was written. */
  private String text(JsonNode word, String what) {
    if (!word.isString() || word.asString().indexOf(0) >= 0) {
      throw config.wrong(whose + ": " + what + " must be a text; put it in quotes");
    }
    return word.asString();
  }

  private String info(JsonNode where) {
    String version = Kubeconfig.word(exec, "apiVersion");
    if (!version.isEmpty() && !version.matches(GROUP + "v1(beta1)?")) {
      throw config.wrong(
          "%s has the apiVersion %s; known are %sv1 and %sv1beta1"
              .formatted(whose, version, GROUP, GROUP));
    }
    if (Kubeconfig.word(exec, "interactiveMode").equals("Always")) {
      throw config.wrong(
          whose
              + " has interactiveMode Always, and Muster asks nobody; log in beforehand, or use"
              + " another user");
    }
    ObjectNode info = JSON.createObjectNode();
    info.put("apiVersion", version.isEmpty() ? GROUP + "v1" : version);
    info.put("kind", "ExecCredential");
    ObjectNode spec = info.putObject("spec");
    spec.put("interactive", false);
    if (exec.path("provideClusterInfo").asBoolean(false)) {
      spec.set("cluster", cluster(where));
    }
    return info.toString();
  }

  private static ObjectNode cluster(JsonNode where) {
    ObjectNode cluster = JSON.createObjectNode();
    cluster.put("server", Kubeconfig.word(where, "server"));
    for (String field : List.of("certificate-authority-data", "insecure-skip-tls-verify")) {
      if (where.has(field)) {
        cluster.set(field, where.path(field));
      }
    }
    for (JsonNode extension : where.path("extensions").valueStream().toList()) {
      if (Kubeconfig.word(extension, "name").equals(GROUP + "exec")) {
        cluster.set("config", extension.path("extension"));
      }
    }
    return cluster;
  }

  /** JSON is YAML. Paths are told from the kubeconfig's folder, which a text has not. */
  private static String without(
      Path file, String context, String cluster, JsonNode where, String user, JsonNode who) {
    ObjectNode config = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Config");
    config.put("current-context", context);
    ObjectNode inner =
        config.putArray("contexts").addObject().put("name", context).putObject("context");
    inner.put("cluster", cluster).put("user", user);
    ObjectNode server = JSON.createObjectNode();
    where.properties().forEach(field -> server.set(field.getKey(), field.getValue()));
    copy(file, where, "certificate-authority", server);
    config.putArray("clusters").addObject().put("name", cluster).set("cluster", server);
    ObjectNode beside = config.putArray("users").addObject().put("name", user).putObject("user");
    BESIDE.forEach(field -> copy(file, who, field, beside));
    return config.toString();
  }

  private static void copy(Path file, JsonNode from, String field, ObjectNode to) {
    String said = Kubeconfig.word(from, field);
    if (!said.isEmpty()) {
      to.put(
          field,
          field.endsWith("-data") ? said : file.toAbsolutePath().resolveSibling(said).toString());
    }
  }
}
