package dev.muster.observe.data;

import dev.muster.cluster.fault.ObserverOnCluster;
import dev.muster.cluster.fault.Rbac;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import dev.muster.drill.guide.FieldGuide;
import dev.muster.drill.port.Observer;
import dev.muster.timeline.Event;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import tools.jackson.databind.json.JsonMapper;

/** What Muster says of the observer once it has been added. */
public final class ObserverSeen implements Callable<Map<String, String>> {
  private static final String NAMED = "observe: {jaeger: {place: service/m/jaeger:16686}}";

  @Override
  public Map<String, String> call() throws Exception {
    Map<String, String> seen = new TreeMap<>();
    var fields = new JsonMapper().readTree(DrillFile.schema()).at("/$defs/observe/properties");
    seen.put("schema", fields.path("jaeger").toString());
    seen.put("help", FieldGuide.of("observe.jaeger").orElseThrow().toString());
    seen.put("read", drill(NAMED).observe().toString());
    seen.put("lacks", refused("observe: {jaeger: {service: api}}"));
    seen.put("unknown", refused("observe: {jaeger: {place: 'http://j', colour: red}}"));
    seen.put("address", refused("observe: {jaeger: {place: service/m/jaeger:0}}"));
    seen.put("roles", Rbac.yaml(drill(NAMED)));
    seen.put("begun", begun(NAMED).toString());
    seen.put("unnamed", begun("").toString());
    return seen;
  }

  private static List<String> begun(String lines) throws InterruptedException {
    List<String> told = new ArrayList<>();
    try (var client = new KubernetesClientBuilder().build()) {
      var run =
          new ObserverOnCluster.Run(
              drill(lines),
              client,
              Path.of("."),
              Path.of("."),
              Map.of(),
              Clock.systemUTC(),
              event -> told.add(((Event.NotObserved) event).why()));
      for (ObserverOnCluster each : ObserverOnCluster.all()) {
        for (Observer observer : each.of(run).toList()) {
          observer.begin();
        }
      }
    }
    return told;
  }

  private static String refused(String lines) {
    try {
      return drill(lines).toString();
    } catch (DrillException e) {
      return e.problems().toString();
    }
  }

  private static Drill drill(String lines) {
    return DrillFile.parse(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: llm, endpoint: 'http://llm.example.com/v1'}
        faults: [{kind: PodKill}]
        expect: {residue: none}
        %s
        """
            .formatted(lines),
        "d.yaml");
  }
}
