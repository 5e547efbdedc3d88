package dev.muster.timeline.file;

import dev.muster.source.Trouble;
import dev.muster.timeline.Event;
import dev.muster.timeline.EventJson;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The timeline of a run as it is written: one JSON object a line in {@code timeline.jsonl},
 * append-only, each line chained to the one before it ({@link Chain}).
 *
 * <p>Assumes: one process writes a run at a time (a second one is refused).
 *
 * <p>Guarantees: when {@link #append} returns, the event is on the disk; so an action that is
 * announced first can be undone whatever happens to this process. Events are in the file in the
 * order in which {@code append} returned. Killing the process at any point leaves at most one torn
 * line at the end, which reading passes over and the next {@link #open} cuts off. Interrupting a
 * thread that appends does no harm. Safe for use by several threads.
 *
 * <pre>{@code
 * try (var journal = Journal.open(runFolder)) {
 *   journal.append(new FaultArmed(…));   // on disk, and only then:
 *   power.off(node);
 * }
 * }</pre>
 */
public final class Journal implements AutoCloseable {
  /** The file's name in a run folder. */
  public static final String FILE = "timeline.jsonl";

  private final AppendFile file;

  /** The order of the chain is the order of the file. */
  private final ReentrantLock order = new ReentrantLock();

  private String before;

  private Journal(AppendFile file, String before) {
    this.file = file;
    this.before = before;
  }

  /**
   * Opens the journal of a run, creating folder and file where they do not exist, and continuing
   * behind the last whole event where they do.
   *
   * @throws JournalException if it cannot be written, or another process is writing it
   */
  public static Journal open(Path runFolder) {
    try {
      Files.createDirectories(runFolder);
    } catch (IOException e) {
      throw new JournalException(
          "can not make the run folder " + runFolder + ": " + Trouble.why(e), e);
    }
    var file = AppendFile.open(runFolder.resolve(FILE), EventJson::isJson);
    var last = file.lastLine();
    return new Journal(file, last.length == 0 ? Chain.BEGIN : Chain.hash(last));
  }

  /** Whether some process writes the journal of this run now. */
  public static boolean inUse(Path runFolder) {
    Path path = runFolder.resolve(FILE);
    if (!Files.isRegularFile(path)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      return lock == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      throw new JournalException("can not write " + path + ": " + Trouble.why(e), e);
    }
  }

  /**
   * Returns when the event is on the disk.
   *
   * @throws JournalException if the disk is full or the file can no longer be written; the event is
   *     not in the journal then, and what it announces must not be done
   */
  public void append(Event event) {
    var object = EventJson.write(event);
    order.lock();
    try {
      var line = Chain.link(before, object);
      file.append(line, true);
      before = Chain.hash(line.getBytes(StandardCharsets.UTF_8));
    } finally {
      order.unlock();
    }
  }

  /**
   * Looks whether the next event could be written, without writing one.
   *
   * @throws JournalException if the file is not at its path any more, or the disk is full
   */
  public void check() {
    file.check();
  }

  @Override
  public void close() {
    file.close();
  }
}
