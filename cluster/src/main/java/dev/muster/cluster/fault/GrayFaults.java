package dev.muster.cluster.fault;

import dev.muster.cluster.connect.ClusterException;
import dev.muster.cluster.object.PodPort;
import dev.muster.cluster.object.Pods;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.kind.LlmFault;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The page {@code /faults} of one pod, on which a worker is told what to do wrong, and ends it by
 * its own clock. The token is read from its Secret each time; it is in no message. Every method
 * throws a {@link ClusterException} that says what to do where the pod could not be asked.
 *
 * @param uid of the pod; null: of whoever has its name. Of another pod, and of one that is gone,
 *     there are no faults
 * @param secret by name, in the pod's namespace
 */
public record GrayFaults(PodPort at, @Nullable String uid, String secret) {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration WITHIN = Duration.ofSeconds(8);
  private static final String PATH = "/faults";
  private static final String HEADER = "x-fault-token";
  private static final String KEY = "token";
  private static final String OFF =
      "set worker.faults.enabled: true in the chart's values (deploy.values of a drill)";
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]{1,4096}");
  private static final int SAID = 200;

  /**
   * One that is there.
   *
   * @param left until it ends by itself
   */
  public record Present(String id, String failure, Duration left) {}

  public static GrayFaults of(KubernetesClient client, Pod pod, LlmFault kind) {
    return new GrayFaults(
        PodPort.of(client, pod, kind.port()), pod.getMetadata().getUid(), kind.tokenSecret());
  }

  /**
   * From what a journal says, by {@link #identity}.
   *
   * @throws ClusterException if that is not all
   */
  public static GrayFaults of(KubernetesClient client, Map<String, String> identity) {
    String namespace = identity.get("namespace");
    String pod = identity.get("pod");
    String port = identity.get("port");
    String secret = identity.get("secret");
    if (identity.get("id") == null
        || namespace == null
        || pod == null
        || secret == null
        || port == null
        || !number(port)) {
      throw new ClusterException(
          "the journal does not say where the gray failure is: "
              + identity
              + "; it ends by itself at its ttl");
    }
    return new GrayFaults(
        new PodPort(client, namespace, pod, Integer.parseInt(port)), identity.get("uid"), secret);
  }

  private static boolean number(String text) {
    return text.matches("[0-9]{1,5}");
  }

  /** Where it is, for another process. */
  Map<String, String> identity() {
    Map<String, String> identity =
        new TreeMap<>(
            Map.of(
                "namespace",
                at.namespace(),
                "pod",
                at.pod(),
                "port",
                Integer.toString(at.port()),
                "secret",
                secret));
    if (uid != null) {
      identity.put("uid", uid);
    }
    return identity;
  }

  /** Begins one, or renews its ttl. */
  void begin(String id, LlmFault kind, Duration ttl) {
    var body = JSON.createObjectNode().put("id", id).put("failure", kind.failure().word());
    body.put("ttl_ms", ttl.toMillis());
    if (kind.failure().takesFactor()) {
      body.put("factor", kind.factor());
    }
    if (kind.failure().takesAfterTokens()) {
      body.put("after_tokens", kind.afterTokens());
    }
    good(ask("POST", PATH, body.toString()));
  }

  /** Ends it; does no harm where it is not there. */
  public void end(String id) {
    if (gone()) {
      return;
    }
    PodPort.Answer answer =
        ask("DELETE", PATH + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8), null);
    if (answer.status() != 404) { // no such fault, or no faults at all
      good(answer);
    }
  }

  /** Whether the pod says that it still has it. */
  public boolean has(String id) {
    if (gone()) {
      return false;
    }
    PodPort.Answer answer = ask("GET", PATH, null);
    return answer.status() != 404 && read(answer).stream().anyMatch(f -> f.id().equals(id));
  }

  /** All that it has. */
  List<Present> list() {
    return read(ask("GET", PATH, null));
  }

  /**
   * Why none could be begun now; empty where one could. Another that is there already would be
   * taken for what the new one does.
   */
  public Optional<String> trouble() {
    try {
      return list().stream()
          .findFirst()
          .map(f ->
              "%s has the failure %s already, by fault %s: it ends by itself in %s; muster cleanup ends it where an earlier run of this machine left it"
                  .formatted(at.object(), f.failure(), f.id(), DurationText.of(f.left())));
    } catch (ClusterException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private List<Present> read(PodPort.Answer answer) {
    JsonNode faults = JSON.readTree(good(answer).body()).path("faults");
    if (!faults.isArray()) {
      throw new ClusterException(
          at.object() + " says at " + PATH + " nothing of faults: " + line(answer.body()));
    }
    return faults
        .valueStream()
        .map(f ->
            new Present(
                f.path("id").asString(""),
                f.path("failure").asString(""),
                Duration.ofSeconds(Math.ceilDiv(f.path("left_ms").asLong(0), 1000L))))
        .toList();
  }

  /** A fault is gone with the process that had it. */
  private boolean gone() {
    try {
      Pod now = at.client().pods().inNamespace(at.namespace()).withName(at.pod()).get();
      return now == null
          || Pods.finished(now)
          || (uid != null && !uid.equals(now.getMetadata().getUid()));
    } catch (KubernetesClientException e) {
      throw new ClusterException(e);
    }
  }

  private PodPort.Answer ask(String method, String path, @Nullable String body) {
    String token = token();
    try {
      PodPort.Answer answer = at.ask(method, path, Map.of(HEADER, token), body, WITHIN);
      return new PodPort.Answer(answer.status(), answer.body().replace(token, "…"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while " + at.object() + " was asked for its faults");
    }
  }

  private String token() {
    String name = at.namespace() + "/" + secret;
    Secret found;
    try {
      found = at.client().secrets().inNamespace(at.namespace()).withName(secret).get();
    } catch (KubernetesClientException e) {
      throw new ClusterException(e);
    }
    if (found == null) {
      throw new ClusterException(
          "Secret %s is not there, whose token gray failures need: %s, or name another with tokenSecret"
              .formatted(name, OFF));
    }
    String token = found.getData() == null ? null : found.getData().get(KEY);
    if (token == null || token.isEmpty()) {
      throw new ClusterException("Secret " + name + " has no key \"" + KEY + "\"");
    }
    String text = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8).strip();
    if (!VISIBLE.matcher(text).matches()) { // whoever refuses it as a header would quote it
      throw new ClusterException(
          "Secret %s: its key \"%s\" is no text of visible ASCII characters, which a header can carry"
              .formatted(name, KEY));
    }
    return text;
  }

  private PodPort.Answer good(PodPort.Answer answer) {
    String why =
        switch (answer.status()) {
          case 0 -> at.object() + " could not be asked for its faults: " + answer.body();
          case 401 ->
              "%s refuses the token of Secret %s/%s: it was started with another one; restart it, or name the right one with tokenSecret"
                  .formatted(at.object(), at.namespace(), secret);
          case 404 ->
              "%s knows no gray failures at port %d: they are off; %s"
                  .formatted(at.object(), at.port(), OFF);
          default -> answer.good() ? unreadable(answer) : refusal(answer);
        };
    if (!why.isEmpty()) {
      throw new ClusterException(why);
    }
    return answer;
  }

  /** Empty where it is JSON, or nothing. */
  private String unreadable(PodPort.Answer answer) {
    try {
      JSON.readTree(answer.body());
      return "";
    } catch (JacksonException e) {
      return at.object() + " says at " + PATH + " what is no JSON: " + line(answer.body());
    }
  }

  private String refusal(PodPort.Answer answer) {
    String said = line(answer.body());
    try {
      JsonNode message = JSON.readTree(answer.body()).at("/error/message");
      said = message.isString() ? message.asString() : said;
    } catch (JacksonException e) {
      // as it stands
    }
    return "%s refuses it with HTTP %d: %s".formatted(at.object(), answer.status(), said);
  }

  private static String line(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= SAID ? line : line.substring(0, SAID) + " …";
  }
}
