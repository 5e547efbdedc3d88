package dev.muster.deepseek.worker.profile;

/**
 * Machines to model. Sources of the figures, and which of them are reckoned or assumed, are in the
 * chart's README under Profiles; a variable that is set wins over each of them.
 */
@SuppressWarnings("ImmutableEnumChecker")
public // a Speed is a record of numbers
enum Profile {
  /** A small machine whose behaviour is felt within seconds; its cache holds one full context. */
  LAB(8, 2, 1.5, 0.5, new Speed(8_000, 50, 64, 0.005, 2_048, 65_536)),

  /**
   * A node of eight H800 in DeepSeek's own service (open-infra-index, day 6): 73.7k prompt tokens a
   * second of which 56.3 % came from its cache, so that 32.2k were computed; 20 to 22 tokens a
   * second for a stream; 14.8k decoded tokens a second, at 22 a batch of 672, with 4,989 tokens of
   * cache each.
   */
  H800(700, 2, 108, 22, new Speed(32_200, 22, 672, 0, 8_192, 209_538)),

  /**
   * A node of eight H100 with SGLang (lmsys.org, 2025-05-05): 52.3k prompt tokens of 2,000 a
   * request and 22.3k decoded tokens a second, about 100 ms between the tokens of a stream, which
   * makes a batch of 2,230, with 2,000 tokens of cache each.
   */
  H100(700, 2, 108, 22, new Speed(52_300, 10, 2_230, 0, 8_192, 278_750));

  private final double gigabytes;
  private final double gigabytesPerSecond;
  private final double compileSeconds;
  private final double warmUpSeconds;
  private final Speed speed;

  Profile(
      double gigabytes,
      double gigabytesPerSecond,
      double compileSeconds,
      double warmUpSeconds,
      Speed speed) {
    this.gigabytes = gigabytes;
    this.gigabytesPerSecond = gigabytesPerSecond;
    this.compileSeconds = compileSeconds;
    this.warmUpSeconds = warmUpSeconds;
    this.speed = speed;
  }

  /** Of the weights. */
  double gigabytes() {
    return gigabytes;
  }

  double gigabytesPerSecond() {
    return gigabytesPerSecond;
  }

  double compileSeconds() {
    return compileSeconds;
  }

  double warmUpSeconds() {
    return warmUpSeconds;
  }

  /** Of a link between two machines: 10 Gbit/s Ethernet in the lab, else 400 Gbit/s InfiniBand. */
  public double kvGigabytesPerSecond() {
    return this == LAB ? 1.25 : 40;
  }

  public Speed speed() {
    return speed;
  }
}
