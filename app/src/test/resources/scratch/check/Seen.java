package dev.muster.report;

import dev.muster.cli.drill.ExplainCommand;
import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillException;
import dev.muster.drill.file.DrillFile;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

/** What Muster says of the check once it has been added. */
public final class Seen implements Callable<Map<String, String>> {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @Override
  public Map<String, String> call() {
    Map<String, String> seen = new TreeMap<>();
    var fields = new JsonMapper().readTree(DrillFile.schema()).at("/$defs/expect/properties");
    seen.put("schema", fields.path("lasting").toString());
    seen.put("order", fields.propertyNames().toString());
    seen.put("help", explained());
    seen.put("read", drill("lasting: {within: 20s}").expect().asked().toString());
    seen.put("none", refused("lasting: {within: 0s}"));
    seen.put("long", refused("lasting: {within: 900h}"));
    seen.put("own", refused("lasting: {within: 1s}"));
    seen.put("wrong", refused("lasting: {within: soon}"));
    Finding finding = findings("lasting: {within: 20s}").getFirst();
    seen.put("finding", finding.status() + " " + finding.why());
    seen.put("unasked", findings("residue: none").toString());
    for (String language : List.of("en", "zh")) {
      Messages messages = Messages.in(language);
      seen.put(
          language,
          messages.of("check", finding.check()) + ": " + messages.say(finding.sentence()));
    }
    return seen;
  }

  private static String explained() {
    var out = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      new CommandLine(new ExplainCommand()).execute("expect.lasting");
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static List<Finding> findings(String expect) {
    var timeline =
        List.<Event>of(
            new Event.RunStarted(Stamp.engine(START), "r", "d", Map.of()),
            new Event.RunAborted(Stamp.engine(START.plusSeconds(30)), "enough"));
    var history = new History(drill(expect), timeline, List.of(), List.of());
    return Verdict.of(history).findings().stream()
        .filter(finding -> finding.check().equals("lasting"))
        .toList();
  }

  private static String refused(String expect) {
    try {
      return drill(expect).toString();
    } catch (DrillException e) {
      return e.problems().toString();
    }
  }

  private static Drill drill(String expect) {
    return DrillFile.parse(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: llm, endpoint: 'http://llm.example.com/v1'}
        faults: [{kind: PodKill}]
        expect: {%s}
        """
            .formatted(expect),
        "d.yaml");
  }
}
