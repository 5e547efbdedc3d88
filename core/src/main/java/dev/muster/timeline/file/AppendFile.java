package dev.muster.timeline.file;

import dev.muster.source.Trouble;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A file of lines that only grows. Whole lines only: what a failed or killed write left of a line
 * is cut off before the next one is written.
 *
 * <p>Written through a {@link RandomAccessFile} and not a FileChannel on purpose: a channel is
 * closed for good when a thread that writes to it is interrupted, and interrupting threads is how a
 * run is aborted, just when the journal is needed most.
 *
 * <p>Safe for use by several threads. A second process (or a second instance in this one) that
 * opens the same file is refused.
 */
final class AppendFile implements AutoCloseable {
  /** Bytes that must be free: a few events. */
  private static final long ROOM = 64 * 1024;

  private final Path path;
  private final RandomAccessFile file;
  private final ReentrantLock lock = new ReentrantLock();
  private final @Nullable Object key;
  private long length;
  private @Nullable String broken;

  private AppendFile(Path path, RandomAccessFile file) throws IOException {
    this.path = path;
    this.file = file;
    this.length = file.length();
    this.key = key(path);
  }

  /**
   * @param complete whether an unterminated last line of an existing file is a whole one
   * @throws JournalException if the file cannot be written or another process writes it
   */
  static AppendFile open(Path path, Predicate<String> complete) {
    RandomAccessFile file = null;
    try {
      file = new RandomAccessFile(path.toFile(), "rw");
      if (file.getChannel().tryLock() == null) {
        throw new OverlappingFileLockException();
      }
      var opened = new AppendFile(path, file);
      opened.mendEnd(complete);
      return opened;
    } catch (OverlappingFileLockException e) {
      closeQuietly(file);
      throw new JournalException(
          path + " is being written by another muster; wait for it or end it", e);
    } catch (IOException e) {
      closeQuietly(file);
      throw new JournalException("can not write " + path + ": " + Trouble.why(e), e);
    }
  }

  /**
   * Appends a line and its end.
   *
   * @param durable whether it must be on the disk itself before this returns; otherwise the
   *     operating system has it, which a killed Muster survives but a power cut does not
   * @throws JournalException if it could not be written; nothing of the line is in the file then
   */
  void append(String line, boolean durable) {
    var bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    lock.lock();
    try {
      if (broken != null) {
        throw new JournalException("can not write " + path + ": " + broken);
      }
      if (durable) {
        stillThere();
      }
      file.seek(length);
      file.write(bytes);
      if (durable) {
        file.getFD().sync();
      }
      length += bytes.length;
    } catch (IOException e) {
      cutBack(e);
      throw new JournalException(
          "can not write " + path + ": " + Trouble.why(e) + " (is the disk full?)", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Looks whether a line could be written.
   *
   * @throws JournalException if not
   */
  void check() {
    try {
      stillThere();
      // a file store is found by the table of mounts, and in a chroot there may be none of its root
      if (path.toFile().getUsableSpace() < ROOM) {
        throw new JournalException("can not write " + path + ": the disk is full");
      }
    } catch (IOException e) {
      throw new JournalException("can not write " + path + ": " + Trouble.why(e), e);
    }
  }

  /** What is written into a file that was deleted is nowhere, and no write fails because of it. */
  private void stillThere() throws IOException {
    Object now;
    try {
      now = key(path);
    } catch (NoSuchFileException e) {
      throw new JournalException("can not write " + path + ": it was deleted", e);
    }
    if (!Objects.equals(now, key)) {
      throw new JournalException("can not write " + path + ": another file is in its place");
    }
  }

  /** The file itself, whatever its name; null where the file system does not say. */
  private static @Nullable Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /**
   * Without its end; empty where there is no line yet.
   *
   * @throws JournalException if it cannot be read
   */
  byte[] lastLine() {
    lock.lock();
    try {
      long end = length;
      long start = Math.max(0, end - 1);
      while (start > 0 && byteAt(start - 1) != '\n') {
        start--;
      }
      return read(start, Math.max(start, end - 1));
    } catch (IOException e) {
      throw new JournalException("can not read " + path + ": " + Trouble.why(e), e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      broken = "it is closed";
      file.close();
    } catch (IOException e) {
      throw new JournalException("can not close " + path + ": " + Trouble.why(e), e);
    } finally {
      lock.unlock();
    }
  }

  private void cutBack(IOException cause) {
    try {
      file.setLength(length);
    } catch (IOException e) {
      // Half a line is in the file now; another one after it would make both unreadable.
      broken = "an earlier write failed (" + cause.getMessage() + ")";
    }
  }

  private void mendEnd(Predicate<String> complete) throws IOException {
    long start = length;
    while (start > 0 && byteAt(start - 1) != '\n') {
      start--;
    }
    if (start == length) {
      return;
    }
    if (complete.test(new String(read(start, length), StandardCharsets.UTF_8))) {
      file.seek(length);
      file.write('\n');
      length++;
    } else {
      file.setLength(start);
      length = start;
    }
  }

  private byte[] read(long from, long to) throws IOException {
    var bytes = new byte[Math.toIntExact(to - from)];
    file.seek(from);
    file.readFully(bytes);
    return bytes;
  }

  private int byteAt(long offset) throws IOException {
    file.seek(offset);
    return file.read();
  }

  private static void closeQuietly(@Nullable RandomAccessFile file) {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      // The reason why it could not be opened is being thrown already.
    }
  }
}
