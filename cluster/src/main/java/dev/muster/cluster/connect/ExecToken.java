package dev.muster.cluster.connect;

import io.fabric8.kubernetes.client.OAuthTokenProvider;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/** The token of an {@link ExecProgram}, asked for anew before it ends. Safe for several threads. */
final class ExecToken implements OAuthTokenProvider {
  /** Before its end: a request takes its time, and clocks differ. */
  private static final Duration EARLY = Duration.ofSeconds(60);

  /** Of one that does not say when it ends. */
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final Supplier<ExecProgram.Credential> program;
  private final InstantSource clock;
  private ExecProgram.Credential latest;
  private Instant asked;

  /**
   * @param first what the program gave just now
   */
  ExecToken(
      ExecProgram.Credential first, Supplier<ExecProgram.Credential> program, InstantSource clock) {
    this.latest = first;
    this.program = program;
    this.clock = clock;
    this.asked = clock.instant();
  }

  @Override
  public synchronized String getToken() {
    Instant until = latest.until();
    // one that lives shorter than that is asked for at each half of its life
    Instant renewal =
        until == null
            ? asked.plus(KEPT)
            : asked.plus(
                Duration.between(asked, until).compareTo(EARLY.multipliedBy(2)) > 0
                    ? Duration.between(asked, until).minus(EARLY)
                    : Duration.between(asked, until).dividedBy(2));
    if (!clock.instant().isBefore(renewal)) {
      latest = program.get();
      asked = clock.instant();
    }
    String token = latest.token();
    return token == null ? "" : token;
  }
}
