package dev.muster.deepseek.worker;

import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Log;
import java.time.InstantSource;

/** Runs a worker until SIGTERM. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    try {
      var config = WorkerConfig.from(System.getenv());
      var log = new Log(System.out, InstantSource.system(), "worker", config.pod());
      var worker = Worker.start(config, InstantSource.system(), log);
      log.info("listening", "port", worker.port());
      Drain.untilTerminated(worker, config.grace());
    } catch (IllegalArgumentException e) {
      System.err.println("deepseek-worker: " + e.getMessage());
      System.exit(64);
    }
  }
}
