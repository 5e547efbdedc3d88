package dev.muster.fault;

import dev.muster.drill.port.AgentPod;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import dev.muster.wire.AgentEvent;
import dev.muster.wire.AgentLine;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the agent of a fault says, and when that was. Safe for several threads. */
final class AgentEventReader {
  /** A line of a pod's log is seen at most so long after it was written. */
  static final Duration LAG = Duration.ofMillis(800);

  private final FaultEventRecorder recorder;
  private final AgentPod pod;
  private final String node;
  private final List<AgentLine> heard = new ArrayList<>();

  AgentEventReader(FaultEventRecorder recorder, AgentPod pod, String node) {
    this.recorder = recorder;
    this.pod = pod;
    this.node = node;
  }

  /** All that the agent said so far; what is new of it is in the timeline then. */
  synchronized List<AgentLine> all() {
    List<AgentLine> all = pod.said();
    for (AgentLine line : all.subList(Math.min(heard.size(), all.size()), all.size())) {
      heard.add(line);
      recorder.tell(
          new Event.AgentSaid(
              new Stamp(recorder.clock().instant(), "agent", line.at(), LAG),
              recorder.fault(),
              node,
              line.event().word(),
              line.event().detail()));
    }
    return heard();
  }

  /** What was heard of it last, without asking again. */
  synchronized List<AgentLine> heard() {
    return List.copyOf(heard);
  }

  static Optional<AgentLine> line(List<AgentLine> lines, Class<? extends AgentEvent> type) {
    return lines.stream().filter(line -> type.isInstance(line.event())).findFirst();
  }

  static <T extends AgentEvent> Optional<T> first(List<AgentLine> lines, Class<T> type) {
    return line(lines, type).map(line -> type.cast(line.event()));
  }

  static String why(String why, String otherwise) {
    return why.isEmpty() ? otherwise : why;
  }

  /**
   * When it injects, as just announced. By the agent's own clock where that agrees with ours; else
   * not later than it can have been: what clients feel must not come before its cause.
   */
  Instant begin(AgentLine injecting) {
    Instant heardAt = recorder.clock().instant();
    Instant at = injecting.at();
    Instant told = at == null ? Instant.MIN : at;
    boolean agree = !told.isAfter(heardAt) && !told.isBefore(heardAt.minus(LAG));
    return (agree ? told : heardAt.minus(LAG)).plus(lead(injecting));
  }

  /**
   * Since {@code begin} it was injected within so long: by the agent's own two words, which are of
   * one clock, or by now. Empty as long as the agent has not said that it was.
   */
  Optional<Duration> took(List<AgentLine> words, Instant begin) {
    AgentLine from = line(words, AgentEvent.Injecting.class).orElse(null);
    return line(words, AgentEvent.Injected.class)
        .or(() -> line(words, AgentEvent.Verified.class))
        .map(done -> {
          Duration took =
              from == null || from.at() == null || done.at() == null
                  ? Duration.between(begin, recorder.clock().instant())
                  : Duration.between(from.at(), done.at()).minus(lead(from));
          return took.isNegative() ? Duration.ZERO : took;
        });
  }

  private static Duration lead(AgentLine injecting) {
    return injecting.event() instanceof AgentEvent.Injecting soon
        ? Duration.ofMillis(soon.inMillis())
        : Duration.ZERO;
  }
}
