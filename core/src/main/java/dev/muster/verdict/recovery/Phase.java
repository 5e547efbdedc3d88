package dev.muster.verdict.recovery;

import dev.muster.verdict.finding.Sentence;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A part of the time from the fault to the service's recovery.
 *
 * @param name detection, taint, toleration or eviction, replacement, scheduling, start, model load,
 *     readiness, endpoint, first good token; return; restart, ready again
 * @param to null where the phase was begun and never ended
 * @param seconds its length; null where it never ended
 * @param owner what decides how long it takes, in words for a reader: the setting with its value
 *     where one is known, otherwise the component
 * @param setting the setting with value and object as observed ({@code tolerationSeconds 300 (Pod
 *     deepseek-worker)}); null where no observed setting owns the phase
 */
public record Phase(
    String name,
    Instant from,
    @Nullable Instant to,
    @Nullable Double seconds,
    Sentence owner,
    @Nullable String setting) {

  /** The owner in English. */
  public String blame() {
    return owner.english();
  }
}
