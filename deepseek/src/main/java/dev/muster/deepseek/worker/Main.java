package dev.muster.deepseek.worker;

import dev.muster.deepseek.group.Follower;
import dev.muster.deepseek.wire.Drain;
import dev.muster.deepseek.wire.Log;
import java.time.InstantSource;

/** Runs a worker, or a follower of one, until SIGTERM. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    try {
      var config = WorkerConfig.from(System.getenv());
      var log = new Log(System.out, InstantSource.system(), "worker", config.pod());
      Drain.untilTerminated(
          config.group().follows() ? follow(config, log) : serve(config, log), config.grace());
    } catch (IllegalArgumentException e) {
      System.err.println("deepseek-worker: " + e.getMessage());
      System.exit(64);
    }
  }

  private static Drain.Drainable serve(WorkerConfig config, Log log) {
    var worker = Worker.start(config, InstantSource.system(), log);
    log.info("listening", "port", worker.port());
    return worker;
  }

  private static Drain.Drainable follow(WorkerConfig config, Log log) {
    var follower =
        Follower.start(
            config.group(),
            config.host(),
            config.port(),
            log,
            () -> {
              log.error("the group is lost, this rank ends", "rank", config.group().rank());
              Runtime.getRuntime().halt(1); // there is nobody to drain
            });
    log.info("listening", "port", follower.port(), "rank", config.group().rank());
    return follower;
  }
}
