package dev.muster.deepseek.worker.profile;

import dev.muster.deepseek.wire.Env;
import java.time.Duration;
import java.util.Locale;

/**
 * How long each phase of loading takes, in real time: the time scale is already in it.
 *
 * @param read the weights, from disk or network
 * @param compile the kernels
 * @param warmUp first runs, in which graphs are captured
 */
public record ModelLoad(Duration read, Duration compile, Duration warmUp) {
  /** In their order. */
  public enum Phase {
    READ,
    COMPILE,
    WARM_UP;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** {@code MODEL_LOAD_SECONDS}, if it is set, stretches all phases so that it is their sum. */
  public static ModelLoad from(Env env, Profile base, double scale) {
    var read =
        env.number("MODEL_GIGABYTES", base.gigabytes(), 0, 100_000)
            / env.number("READ_GIGABYTES_PER_SECOND", base.gigabytesPerSecond(), 0.001, 100_000);
    var compile = env.number("COMPILE_SECONDS", base.compileSeconds(), 0, 86_400);
    var warmUp = env.number("WARM_UP_SECONDS", base.warmUpSeconds(), 0, 86_400);
    var sum = read + compile + warmUp;
    var total = env.number("MODEL_LOAD_SECONDS", sum, 0, 86_400);
    if (sum == 0) {
      return new ModelLoad(seconds(total / scale), Duration.ZERO, Duration.ZERO);
    }
    var stretch = total / sum / scale;
    return new ModelLoad(
        seconds(read * stretch), seconds(compile * stretch), seconds(warmUp * stretch));
  }

  Duration length(Phase phase) {
    return switch (phase) {
      case READ -> read;
      case COMPILE -> compile;
      case WARM_UP -> warmUp;
    };
  }

  public Duration total() {
    return read.plus(compile).plus(warmUp);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }
}
