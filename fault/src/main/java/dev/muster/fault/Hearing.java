package dev.muster.fault;

import dev.muster.drill.AgentPod;
import dev.muster.timeline.Event;
import dev.muster.timeline.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the agent of a fault says, and when that was. Safe for several threads. */
final class Hearing {
  /** A line of a pod's log is seen at most so long after it was written. */
  static final Duration LAG = Duration.ofMillis(800);

  private final Account account;
  private final AgentPod pod;
  private final String node;
  private final List<AgentPod.Said> heard = new ArrayList<>();

  Hearing(Account account, AgentPod pod, String node) {
    this.account = account;
    this.pod = pod;
    this.node = node;
  }

  /** All that the agent said so far; what is new of it is in the timeline then. */
  synchronized List<AgentPod.Said> all() {
    List<AgentPod.Said> all = pod.said();
    for (AgentPod.Said said : all.subList(Math.min(heard.size(), all.size()), all.size())) {
      heard.add(said);
      Map<String, String> detail = new LinkedHashMap<>(said.detail());
      String at = detail.remove("at");
      account.tell(
          new Event.AgentSaid(
              new Stamp(
                  account.clock().instant(), "agent", at == null ? null : Instant.parse(at), LAG),
              account.fault(),
              node,
              said.event(),
              detail));
    }
    return List.copyOf(heard);
  }

  static Optional<AgentPod.Said> first(List<AgentPod.Said> words, String event) {
    return words.stream().filter(said -> said.event().equals(event)).findFirst();
  }

  static Duration millis(AgentPod.Said said, String name) {
    return Duration.ofMillis(Long.parseLong(said.detail().getOrDefault(name, "0")));
  }

  static String why(AgentPod.Said said, String otherwise) {
    return said.detail().getOrDefault("why", otherwise);
  }

  /**
   * When it injects, as just announced. By the agent's own clock where that agrees with ours; else
   * not later than it can have been: what clients feel must not come before its cause.
   */
  Instant begin(AgentPod.Said injecting) {
    Instant heardAt = account.clock().instant();
    String at = injecting.detail().get("at");
    Instant told = at == null ? Instant.MIN : Instant.parse(at);
    boolean agree = !told.isAfter(heardAt) && !told.isBefore(heardAt.minus(LAG));
    return (agree ? told : heardAt.minus(LAG)).plus(millis(injecting, "inMillis"));
  }

  /**
   * Since {@code begin} it was injected within so long: by the agent's own two words, which are of
   * one clock, or by now. Empty as long as the agent has not said that it was.
   */
  Optional<Duration> took(List<AgentPod.Said> words, Instant begin) {
    return first(words, "injected")
        .or(() -> first(words, "verified"))
        .map(done -> {
          String from = first(words, "injecting").map(said -> said.detail().get("at")).orElse(null);
          String to = done.detail().get("at");
          Duration took =
              from == null || to == null
                  ? Duration.between(begin, account.clock().instant())
                  : Duration.between(Instant.parse(from), Instant.parse(to))
                      .minus(millis(first(words, "injecting").orElseThrow(), "inMillis"));
          return took.isNegative() ? Duration.ZERO : took;
        });
  }
}
