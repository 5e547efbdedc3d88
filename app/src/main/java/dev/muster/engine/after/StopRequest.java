package dev.muster.engine.after;

import dev.muster.drill.time.Time;
import dev.muster.engine.home.ExitCode;
import dev.muster.engine.home.Refusal;
import dev.muster.engine.home.RunFolder;
import dev.muster.engine.run.Abort;
import dev.muster.source.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Another process's wish that a run end: a file in the run's folder, looked for twice a second. The
 * run then undoes its faults and looks after them, as on Ctrl-C.
 */
public final class StopRequest implements AutoCloseable {
  private static final String FILE = "stop";
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Path file;
  private final Time.Signal closed;

  private StopRequest(Path file, Time time) {
    this.file = file;
    this.closed = time.signal();
  }

  /**
   * @throws Refusal if the run's folder cannot be written
   */
  public static void make(RunFolder run) {
    try {
      Files.writeString(run.path().resolve(FILE), "");
    } catch (IOException e) {
      throw new Refusal(
          ExitCode.ENVIRONMENT, "can not write " + run.path() + ": " + Trouble.why(e));
    }
  }

  public static StopRequest watch(RunFolder run, Abort abort, Time time) {
    StopRequest request = new StopRequest(run.path().resolve(FILE), time);
    time.start("stop-request", () -> request.look(abort));
    return request;
  }

  private void look(Abort abort) {
    try {
      while (!closed.await(LOOK)) {
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
    closed.raise();
    Files.deleteIfExists(file);
  }
}
