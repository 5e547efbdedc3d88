package dev.muster.logstore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Runs the log store of a container until SIGTERM: port 9200, data below {@code /data}. */
public final class Main {
  private static final int PORT = 9200;

  private Main() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    var store = LogStore.start(Path.of("/data"), "0.0.0.0", PORT);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(store::close));
    // OpenSearch's own threads are daemons
    new CountDownLatch(1).await();
  }
}
