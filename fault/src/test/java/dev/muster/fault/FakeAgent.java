package dev.muster.fault;

import dev.muster.drill.port.AgentPod;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A pod on the scene's clock: what it says is written down before it starts, with its time. */
final class FakeAgent implements AgentPod {
  private record Line(Duration after, AgentLine said) {}

  private final Scene scene;
  private final List<Line> lines = new ArrayList<>();
  private final List<AgentLine> atDeletion = new ArrayList<>();
  List<String> arguments = List.of();
  int deletions;

  /** A refusal of the API server, as is; empty for none. */
  String refusal = "";

  String trouble = "";
  boolean underway;
  boolean goesWhenDeleted = true;
  boolean reachable = true;
  boolean broken;
  Instant started = Instant.MAX;

  FakeAgent(Scene scene) {
    this.scene = scene;
  }

  /** So many milliseconds after its start. */
  FakeAgent says(long millis, String event, String... detail) {
    lines.add(new Line(Duration.ofMillis(millis), said(event, detail)));
    return this;
  }

  FakeAgent saysWhenDeleted(String event, String... detail) {
    atDeletion.add(said(event, detail));
    return this;
  }

  /** As it goes where nothing is in the way, held for so many seconds. */
  FakeAgent works(int seconds) {
    return says(0, "armed")
        .says(100, "injecting", "inMillis", "1000")
        .says(1100, "injected")
        .says(1200, "verified", "chain", "is hooked")
        .says(1100 + seconds * 1000L, "reverting")
        .says(1500 + seconds * 1000L, "reverted");
  }

  private static AgentLine said(String event, String... detail) {
    String rest = detail.length == 0 ? "" : ",\"%s\":\"%s\"".formatted(detail[0], detail[1]);
    AgentLine line = AgentLine.of("{\"event\":\"%s\"%s}".formatted(event, rest)).orElseThrow();
    if (line.event() instanceof AgentEvent.Unknown) {
      throw new IllegalArgumentException("no agent says " + event);
    }
    return line;
  }

  @Override
  public Map<String, String> identity() {
    return Map.of("namespace", "muster-r", "pod", "f");
  }

  @Override
  public void start(List<String> given) {
    if (!refusal.isEmpty()) {
      throw new IllegalStateException(refusal);
    }
    arguments = given;
    started = scene.now;
  }

  @Override
  public List<AgentLine> said() {
    if (broken) {
      throw new IllegalStateException("no log");
    }
    if (!reachable || started.equals(Instant.MAX)) {
      return List.of();
    }
    List<AgentLine> all = new ArrayList<>();
    for (Line line : lines) {
      boolean due = !scene.now.isBefore(started.plus(line.after()));
      if (due && (deletions == 0 || !line.said().event().word().startsWith("revert"))) {
        all.add(line.said());
      }
    }
    if (deletions > 0) {
      all.addAll(atDeletion);
    }
    return all;
  }

  @Override
  public Look look() {
    return new Look(trouble, "", underway);
  }

  @Override
  public void delete() {
    deletions++;
  }

  @Override
  public boolean gone() {
    return deletions > 0 && goesWhenDeleted && reachable && atDeletion.isEmpty();
  }
}
