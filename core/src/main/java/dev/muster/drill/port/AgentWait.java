package dev.muster.drill.port;

import dev.muster.drill.time.Time;
import dev.muster.wire.AgentLine;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The one wait for what an agent says. A pod that gets on is waited for, on a slow machine too:
 * what its kubelet or the agent tells anew gives it time again, up to a limit.
 */
public final class AgentWait {
  /** For a first sign that a kubelet makes or runs it, and where an error stands. */
  static final Duration UNSEEN = Duration.ofSeconds(60);

  /** For each further one: a kubelet gives up its runtime after 2 min, and tells so. */
  static final Duration SILENCE = Duration.ofSeconds(150);

  /** Its sandbox, its image, its container and the start of that, each in 2 min. */
  static final Duration LONGEST = Duration.ofMinutes(8);

  private static final Duration STEP = Duration.ofMillis(300);

  /** Where it starts at once, nobody has to ask for them. */
  private static final Duration EVENTS = Duration.ofSeconds(10);

  private AgentWait() {}

  /**
   * @param words all that the agent said
   * @param why it is waited for no more; empty where it said what it was waited for
   */
  public record Heard(List<AgentLine> words, String why) {}

  /**
   * Waits eight minutes at most, with one look at the pod every 0.3 s.
   *
   * @param enough whether these are the words that are waited for
   * @param words all that the agent has said so far
   */
  public static Heard until(
      Predicate<List<AgentLine>> enough, Supplier<List<AgentLine>> words, AgentPod pod, Time time)
      throws InterruptedException {
    long began = time.nanos();
    long renewed = began;
    Time.Deadline next = time.in(EVENTS);
    String events = "";
    String known = "";
    while (true) {
      // asked first: what it said before its end is heard after it
      AgentPod.Look look = pod.look();
      List<AgentLine> said = words.get();
      if (enough.test(said)) {
        return new Heard(said, "");
      }
      if (!look.trouble().isEmpty()) {
        return new Heard(said, look.trouble());
      }
      if (next.over()) {
        events = pod.events();
        next = time.in(EVENTS);
      }
      // a kubelet that tries again and again what fails does not get on
      String now = look.state() + said.size() + (look.underway() ? events : "");
      long at = time.nanos();
      if (!now.equals(known)) {
        known = now;
        renewed = at;
      }
      Duration silent = Duration.ofNanos(at - renewed);
      Duration waited = Duration.ofNanos(at - began);
      if (silent.compareTo(look.underway() ? SILENCE : UNSEEN) >= 0
          || waited.compareTo(LONGEST) >= 0) {
        return new Heard(said, why(said, waited, look.state(), silent, events));
      }
      time.sleep(STEP);
    }
  }

  private static String why(
      List<AgentLine> said, Duration waited, String state, Duration silent, String events) {
    return (said.isEmpty()
            ? "the agent did not begin within %d s".formatted(waited.toSeconds())
            : "the agent got no further than '%s' within %d s"
                .formatted(said.getLast().event().word(), waited.toSeconds()))
        + (state.isEmpty() ? "" : ": its pod is " + state)
        + ("; nothing new for " + silent.toSeconds() + " s")
        + (events.isEmpty() ? "" : "; its last events: " + events);
  }
}
