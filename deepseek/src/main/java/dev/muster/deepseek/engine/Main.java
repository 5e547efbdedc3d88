package dev.muster.deepseek.engine;

import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Log;
import java.time.InstantSource;

/** Registers an engine until SIGTERM. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    try {
      var config = EngineConfig.from(System.getenv());
      var log = new Log(System.out, InstantSource.system(), "registrar", config.pod());
      var sidecar = Sidecar.start(config, log);
      log.info("listening", "port", sidecar.port(), "engine", config.engine().toString());
      Drain.untilTerminated(sidecar, config.grace());
    } catch (IllegalArgumentException e) {
      System.err.println("deepseek-registrar: " + e.getMessage());
      System.exit(64);
    }
  }
}
