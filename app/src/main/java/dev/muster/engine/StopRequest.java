package dev.muster.engine;

import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Another process's wish that a run end: a file in the run's folder, looked for twice a second. The
 * run then undoes its faults and looks after them, as on Ctrl-C.
 */
public final class StopRequest implements AutoCloseable {
  private static final String FILE = "stop";
  private static final long LOOK_MILLIS = 500;

  private final Path file;
  private final CountDownLatch closed = new CountDownLatch(1);

  private StopRequest(Path file) {
    this.file = file;
  }

  /**
   * @throws Refusal if the run's folder can not be written
   */
  public static void make(RunFolder run) {
    try {
      Files.writeString(run.path().resolve(FILE), "");
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, "can not write " + run.path() + ": " + Trouble.why(e));
    }
  }

  public static StopRequest watch(RunFolder run, Abort abort) {
    StopRequest request = new StopRequest(run.path().resolve(FILE));
    Thread.ofVirtual().name("stop-request").start(() -> request.look(abort));
    return request;
  }

  private void look(Abort abort) {
    try {
      while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        if (Files.exists(file)) {
          abort.request("muster stop");
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    Files.deleteIfExists(file);
  }
}
