package dev.muster.drill.file;

import dev.muster.drill.LoadRequest.Preset;
import dev.muster.drill.field.DurationText;
import dev.muster.source.Problem;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What goes together in {@code load.request}, and in {@code load} with its preset. */
final class RequestRules {
  private static final String PLACE = "/load/request";

  /** Headers that the connection depends on. */
  private static final Set<String> FRAMING =
      Set.of(
          "host",
          "content-length",
          "transfer-encoding",
          "connection",
          "upgrade",
          "expect",
          "te",
          "last-event-id",
          "x-request-id");

  /** In which an answer can be read. */
  private static final Set<String> ENCODINGS = Set.of("gzip", "identity");

  /** Fields of a body that the ledger depends on, and what says them. */
  private static final Map<String, String> OWN =
      Map.of(
          "messages", "load.prompts says what is asked, load.prompt.tokens how long it is",
          "input", "each request has a prompt of its own; load.prompt.tokens says how long",
          "model", "load.model names it",
          "stream", "load.stream says it");

  private final SourceTree tree;
  private final Consumer<Problem> problems;
  private final JsonNode load;
  private final JsonNode request;
  private final Preset preset;

  RequestRules(SourceTree tree, Consumer<Problem> problems) {
    this.tree = tree;
    this.problems = problems;
    load = tree.root().path("load");
    request = load.path("request");
    preset = preset(request);
  }

  /** DeepSeek's where it is none, for then the schema has complained. */
  static Preset preset(JsonNode request) {
    return Preset.orUsual(request.path("preset").asString(""));
  }

  void check() {
    headers();
    ofPreset();
    times();
    retries();
    reconnects();
    tls();
  }

  private void retries() {
    if (load.path("retries").asInt(0) > 0 && load.has("inCluster")) {
      refuse(
          "/load/retries", "users ask again only of Muster itself, not of load.inCluster's pods");
    }
  }

  private void reconnects() {
    if (load.path("reconnects").asInt(0) > 0 && !load.path("stream").asBoolean(preset.tokens())) {
      refuse(
          "/load/reconnects", "only a stream breaks off in its middle, and load.stream is false");
    }
  }

  private void headers() {
    for (var header : request.path("headers").properties()) {
      var pointer = PLACE + "/headers/" + header.getKey();
      var value = header.getValue().asString("");
      if (FRAMING.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        refuseKey(pointer, "\"" + header.getKey() + "\" is Muster's own");
      } else if (value.chars().anyMatch(c -> c < ' ' || c > 0xff)) {
        refuse(pointer, "a header can not have line breaks or letters outside of ISO 8859-1");
      } else if (header.getKey().equalsIgnoreCase("accept-encoding")
          && !ENCODINGS.contains(value.strip().toLowerCase(Locale.ROOT))) {
        refuse(pointer, "an answer is read as it is or from gzip: say gzip or identity");
      }
    }
  }

  /** What one preset leaves to the drill, another does not have. */
  private void ofPreset() {
    if (!preset.tokens()) {
      if (load.path("stream").asBoolean(false)) {
        refuse("/load/stream", "answers of preset " + preset + " do not come as streams of tokens");
      }
      none("answer", "its answers have no tokens");
    }
    if (preset == Preset.HTTP) {
      none("prompt", "load.request.body is sent as it is");
      none("model", "load.request.body is sent as it is");
      return;
    }
    for (var field : List.of("method", "success")) {
      if (request.has(field)) {
        refuseKey(
            PLACE + "/" + field,
            "\"%s\" goes with preset http; %s knows itself how it is asked and answers"
                .formatted(field, preset));
      }
    }
    if (request.path("body").isString()) {
      refuse(
          PLACE + "/body",
          "a text as body goes with preset http; give a mapping of fields that change the usual"
              + " body");
    }
    OWN.forEach((field, instead) -> {
      if (request.path("body").has(field)) {
        refuseKey(PLACE + "/body/" + field, "\"" + field + "\" is Muster's own: " + instead);
      }
    });
  }

  private void none(String field, String why) {
    if (load.has(field)) {
      refuseKey(
          "/load/" + field, "\"%s\" says nothing with preset %s: %s".formatted(field, preset, why));
    }
  }

  private void times() {
    var connect = duration(request.path("connectTimeout"));
    if (connect != null && connect.isZero()) {
      refuse(PLACE + "/connectTimeout", "a connection needs a timeout above 0s");
    }
    var read = duration(request.path("readTimeout"));
    if (read != null && read.isZero()) {
      refuse(PLACE + "/readTimeout", "an answer needs a timeout above 0s to come in");
    }
    var within = duration(request.at("/success/within"));
    var given = duration(load.path("timeout"));
    var timeout = given == null ? DrillReader.TIMEOUT : given;
    if (within != null && within.isZero()) {
      refuse(PLACE + "/success/within", "nobody answers within 0s");
    } else if (within != null && within.compareTo(timeout) > 0) {
      refuse(
          PLACE + "/success/within",
          "a request is given up after load.timeout, %s: nobody waits longer than that"
              .formatted(DurationText.of(timeout)));
    }
  }

  private void tls() {
    var tls = request.path("tls");
    var inCluster = tree.root().at("/load/inCluster/endpoint").asString("");
    var asked = inCluster.isEmpty() ? tree.root().at("/target/endpoint").asString("") : inCluster;
    if (tls.isObject() && !asked.startsWith("https:")) {
      var which = inCluster.isEmpty() ? "target.endpoint" : "load.inCluster.endpoint";
      refuse(PLACE + "/tls", "tls is for an https endpoint, and " + which + " is none");
    }
    if (tls.path("insecure").asBoolean(false) && tls.has("ca")) {
      refuse(PLACE + "/tls", "insecure trusts anybody, and ca only some: one of them");
    }
  }

  private static @Nullable Duration duration(JsonNode node) {
    return node.isString() ? DurationText.parse(node.asString()).orElse(null) : null;
  }

  private void refuse(String pointer, String message) {
    problems.accept(tree.at(pointer, message));
  }

  private void refuseKey(String pointer, String message) {
    problems.accept(tree.atKey(pointer, message));
  }
}
