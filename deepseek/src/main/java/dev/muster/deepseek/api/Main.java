package dev.muster.deepseek.api;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Log;
import java.time.InstantSource;

/** Runs a gateway until SIGTERM. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    try {
      var config = GatewayConfig.from(System.getenv());
      var log = new Log(System.out, InstantSource.system(), "api", config.pod());
      var gateway = Gateway.start(config, InstantSource.system(), log);
      log.info("listening", "port", gateway.port());
      Drain.untilTerminated(gateway, config.grace());
    } catch (IllegalArgumentException e) {
      System.err.println("deepseek-api: " + e.getMessage());
      System.exit(64);
    }
  }
}
