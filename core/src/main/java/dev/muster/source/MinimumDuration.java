package dev.muster.source;

import java.time.Duration;

/** How long a fault has to last so that anybody could see it; see {@code docs/faults.md}. */
public enum MinimumDuration {
  /** It is done in a moment. */
  NONE(0, ""),

  /** A node's lease has to be silent for 12 s, and is looked at from the fault on. */
  LEASE(15, "a silent node is known by its lease, after 12 s"),

  /** The kubelet measures every 10 s at most. */
  MEASURED(10, "the kubelet measures every 10 to 20 s"),

  /** The agent begins in some seconds, which count, and takes memory in one more. */
  ALLOCATED(4, "the agent needs seconds to begin, which count"),

  /** Told by the API server, which is asked every 2 s, from when it was seen first. */
  STATE(5, "the API server is asked every 2 s whether it is still so"),

  /** Three looks, one a second, after the deed is done. */
  LOOKS(5, "three looks, one a second, have to fail"),

  /** A pod that gives no token is asked for 3 s, after it was asked how it is. */
  ASKED(8, "one look may take 5 s, and a second one has to follow");

  private final Duration time;
  private final String seen;

  MinimumDuration(int seconds, String seen) {
    this.time = Duration.ofSeconds(seconds);
    this.seen = seen;
  }

  public Duration time() {
    return time;
  }

  /** For a message, after what lasts too short. */
  public String why(String kind) {
    return "nobody could see %s in that time: %s; at least %ds"
        .formatted(kind, seen, time.toSeconds());
  }
}
