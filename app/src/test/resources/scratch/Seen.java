package dev.muster.cluster.kind;

import dev.muster.cluster.fault.AgentArguments;
import dev.muster.cluster.run.AgentPods;
import dev.muster.cluster.fault.Rbac;
import dev.muster.cluster.run.RunNamespace;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.guide.KindFacts;
import dev.muster.drill.time.RealTime;
import dev.muster.drill.kind.FaultKind;
import dev.muster.observe.effect.Effects;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import tools.jackson.databind.json.JsonMapper;

/** What Muster says of the kind once it has been added. */
public final class Seen implements Callable<Map<String, String>> {

  @Override
  public Map<String, String> call() {
    Map<String, String> seen = new TreeMap<>();
    var fields = new JsonMapper().readTree(DrillFile.schema()).at("/$defs/step/properties");
    seen.put("schema", fields.path("by").toString());
    seen.put("words of the schema", fields.at("/kind/enum").toString());
    seen.put("help", last(KindFacts.all()).toString());
    Drill drill = drill("by: 2m, duration: 1m, ttl: 2m", "detected: {within: 60s}");
    FaultKind kind = drill.faults().getFirst().kind();
    seen.put("read", kind.toString());
    seen.put("plan", kind.words().toString());
    seen.put("lacks", refused("duration: 1m, ttl: 2m"));
    seen.put("foreign", refused("by: 1m, loss: 1%, duration: 1m, ttl: 2m"));
    seen.put("none", refused("by: 0s, duration: 1m, ttl: 2m"));
    seen.put("short", refused("by: 1m, duration: 5s, ttl: 2m"));
    seen.put("roles", Rbac.yaml(drill));
    try (var client = new KubernetesClientBuilder().build()) {
      seen.put(
          "told",
          new AgentArguments(client, client).of(kind, "n", Optional.empty()).toString());
      var pods =
          new AgentPods(client, client, new RunNamespace(client, "r", "image", RealTime.TIME));
      seen.put(
          "unseen",
          new Effects(client, pods, RealTime.TIME, "m", java.util.List.of())
              .of(kind, "f", "n", Optional.empty(), List.of())
              .lasts()
              + "");
    }
    return seen;
  }

  private static <T> T last(List<T> all) {
    return all.getLast();
  }

  private static String refused(String fields) {
    try {
      return drill(fields, "residue: none").toString();
    } catch (DrillException e) {
      return e.problems().toString();
    }
  }

  private static Drill drill(String fields, String expect) {
    return DrillFile.parse(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: llm, endpoint: 'http://llm.example.com/v1'}
        faults: [{kind: ClockJump, %s}]
        expect: {%s}
        """
            .formatted(fields, expect),
        "d.yaml");
  }
}
