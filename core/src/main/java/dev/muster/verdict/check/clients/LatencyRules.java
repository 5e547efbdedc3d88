package dev.muster.verdict.check.clients;

import dev.muster.drill.Drill;
import dev.muster.drill.LoadRequest.Preset;
import dev.muster.drill.expect.ExpectYaml;
import dev.muster.drill.field.DurationText;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Bounds of a latency that the drill could not have, or could not exceed. */
final class LatencyRules {
  private LatencyRules() {}

  static void check(ExpectYaml yaml) {
    ordered(yaml, "/ttft");
    ordered(yaml, "/gap");
    JsonNode load = yaml.drill().path("load");
    Duration timeout =
        DurationText.parse(load.path("timeout").asString("")).orElse(Drill.Load.TIMEOUT);
    givenUp(yaml, "/ttft", timeout);
    givenUp(yaml, "/gap", timeout);
    if (load.isMissingNode()) {
      return;
    }
    Preset preset = Preset.orUsual(load.at("/request/preset").asString(""));
    if (preset.tokens()) {
      inPieces(yaml, load);
    } else {
      yaml.refuse(
          "",
          "latency is of tokens, and answers of preset %s have none: %s bounds how long each may"
                  .formatted(
                      preset,
                      preset == Preset.HTTP ? "load.request.success.within" : "load.timeout")
              + " take, and availability how many may take longer");
    }
  }

  /** A higher quantile cannot be lower: such a bound would exclude everything or say nothing. */
  private static void ordered(ExpectYaml yaml, String field) {
    Duration most = null;
    for (String name : List.of("max", "p99", "p95", "p90", "p50")) {
      String place = field + "/" + name;
      Duration bound = yaml.duration(place);
      if (bound != null && bound.isZero()) {
        yaml.refuse(place, "no client gets a token in 0s: a bound must be above it");
      } else if (bound != null && most != null && bound.compareTo(most) > 0) {
        yaml.refuse(
            place,
            name + " is never above what a higher quantile is: its bound must not be either");
      }
      most = bound == null ? most : bound;
    }
  }

  /** At its timeout: nobody waits longer. */
  private static void givenUp(ExpectYaml yaml, String field, Duration timeout) {
    for (String name : yaml.at(field).propertyNames()) {
      Duration bound = yaml.duration(field + "/" + name);
      if (bound != null && bound.compareTo(timeout) > 0) {
        yaml.refuse(
            field + "/" + name,
            "a request is given up after load.timeout, %s: nobody waits longer than that"
                .formatted(DurationText.of(timeout)));
      }
    }
  }

  /** Where an answer comes in one piece there is nothing between its pieces. */
  private static void inPieces(ExpectYaml yaml, JsonNode load) {
    boolean whole = load.path("stream").isBoolean() && !load.path("stream").booleanValue();
    boolean one = load.at("/answer/tokens").isNumber() && load.at("/answer/tokens").intValue() == 1;
    if (yaml.at("").has("gap") && (whole || one)) {
      yaml.refuse(
          "/gap",
          "a gap needs answers that come piece by piece: "
              + (whole ? "load.stream is false" : "load.answer.tokens is 1"));
    }
  }
}
