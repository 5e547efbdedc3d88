package dev.muster.deepseek.api;

import dev.muster.deepseek.api.config.GatewayConfig;
import dev.muster.deepseek.wire.Log;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** A gateway in this process at free ports of loopback, whose log nobody reads. */
final class QuietGateway {
  private QuietGateway() {}

  /**
   * @param more environment, beside where it listens and finds etcd
   */
  static Gateway start(String etcd, Map<String, String> more) {
    var environment =
        new HashMap<>(
            Map.of(
                "HOST", "127.0.0.1",
                "PORT", "0",
                "DEBUG_PORT", "0",
                "ETCD_ENDPOINTS", etcd,
                "DRAIN_DELAY", "0s"));
    environment.putAll(more);
    return Gateway.start(
        GatewayConfig.from(environment),
        InstantSource.system(),
        new Log(new PrintStream(PrintStream.nullOutputStream()), InstantSource.system(), "", ""));
  }
}
