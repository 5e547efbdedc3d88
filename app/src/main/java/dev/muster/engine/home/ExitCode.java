package dev.muster.engine.home;

import dev.muster.verdict.finding.Status;

/** What a program that called Muster can rely on. Documented in the README. */
public enum ExitCode {
  PASS(0),
  FAIL(1),
  INCONCLUSIVE(2),
  /** The command line or the drill file is wrong. */
  USAGE(64),
  /** This machine or the cluster lacks something. */
  ENVIRONMENT(69),
  /** Something of Muster's own broke; the message says where the details are. */
  INTERNAL(70);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  public static ExitCode of(Status verdict) {
    return switch (verdict) {
      case PASS -> PASS;
      case FAIL -> FAIL;
      case INCONCLUSIVE -> INCONCLUSIVE;
    };
  }
}
