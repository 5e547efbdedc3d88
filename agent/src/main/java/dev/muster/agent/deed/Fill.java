package dev.muster.agent.deed;

import dev.muster.agent.node.FaultException;
import dev.muster.agent.node.Programs;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A large file on the disk that holds the kubelet's data. */
final class Fill implements Deed {
  private final Path file;
  private final long bytes;
  private final int percent;
  private final long leave;

  /**
   * @param bytes its size; 0: up to a share of the disk
   * @param percent of the disk that is then in use; 0: until only {@code leave} bytes are free
   */
  Fill(Path file, long bytes, int percent, long leave) {
    this.file = file;
    this.bytes = bytes;
    this.percent = percent;
    this.leave = leave;
  }

  @Override
  public List<String> undo() {
    return List.of("file " + file);
  }

  @Override
  public void inject() {
    try {
      FileStore disk = Files.getFileStore(file.getParent());
      long free = disk.getUsableSpace();
      long total = disk.getTotalSpace();
      Programs.run(List.of("fallocate", "-l", Long.toString(size(free, total)), file.toString()));
    } catch (IOException e) {
      throw new FaultException("can not look at the disk of " + file + ": " + e.getMessage());
    }
  }

  /**
   * Of the file, on a disk of so many bytes of which so many are free.
   *
   * @throws FaultException if that is more than there is, or nothing
   */
  long size(long free, long total) {
    long size =
        bytes > 0 ? bytes : percent > 0 ? total / 100 * percent - (total - free) : free - leave;
    if (size <= 0) {
      throw new FaultException(
          "the disk is as full as that already: " + free + " of " + total + " bytes are free");
    }
    if (size > free) {
      throw new FaultException("only " + free + " bytes are free, not " + size);
    }
    return size;
  }

  @Override
  public Optional<Map<String, String>> effect() {
    try {
      return Files.exists(file)
          ? Optional.of(
              Map.of(
                  "file", file + " of " + Files.size(file) + " bytes",
                  "free", Files.getFileStore(file).getUsableSpace() + " bytes"))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<String> remains() {
    return Files.exists(file) ? Optional.of("file " + file) : Optional.empty();
  }
}
