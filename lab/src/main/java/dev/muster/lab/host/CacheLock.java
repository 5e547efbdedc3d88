package dev.muster.lab.host;

import dev.muster.drill.port.Progress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A part of the cache that one Muster writes at a time; the kernel frees what a killed one held.
 */
public record CacheLock(FileChannel channel) implements AutoCloseable {

  /**
   * Waits until nobody else holds it, and says so.
   *
   * @param deed of the other, like "makes helm"
   */
  public static CacheLock of(Path file, String deed, Progress progress) throws IOException {
    Files.createDirectories(file.getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        progress.say("another Muster " + deed + "; waiting for it");
        channel.lock();
      }
      return new CacheLock(channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
