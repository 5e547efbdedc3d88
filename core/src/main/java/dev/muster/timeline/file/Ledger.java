package dev.muster.timeline.file;

import dev.muster.source.Trouble;
import dev.muster.timeline.EventJson;
import dev.muster.timeline.Request;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPOutputStream;

/**
 * The ledger of a run as it is written: one row for each request that has ended, as one JSON object
 * a line.
 *
 * <p>Guarantees: when {@link #append} returns, the operating system has the row, so that killing
 * this process loses none. {@link #finish} packs the file; until the packed one is whole the plain
 * one stays. Safe for use by several threads.
 */
public final class Ledger implements AutoCloseable {
  private final Path runFolder;
  private final AppendFile file;

  private Ledger(Path runFolder, AppendFile file) {
    this.runFolder = runFolder;
    this.file = file;
  }

  /**
   * Opens the ledger of a run whose folder exists, continuing behind the last whole row.
   *
   * @throws JournalException if it cannot be written, or another process is writing it
   */
  public static Ledger open(Path runFolder) {
    var path = runFolder.resolve(LedgerFile.PLAIN);
    return new Ledger(runFolder, AppendFile.open(path, EventJson::isJson));
  }

  /**
   * @throws JournalException if the disk is full or the file can no longer be written
   */
  public void append(Request row) {
    file.append(EventJson.write(row), false);
  }

  /**
   * Closes the ledger and packs it. Nothing may be appended any more.
   *
   * @throws JournalException if it could not be packed; the plain file is still there then
   */
  public void finish() {
    file.close();
    var plain = runFolder.resolve(LedgerFile.PLAIN);
    var packed = runFolder.resolve(LedgerFile.PACKED);
    var partial = runFolder.resolve(LedgerFile.PACKED + ".partial");
    try {
      try (var out = new FileOutputStream(partial.toFile());
          var gzip = new GZIPOutputStream(out)) {
        Files.copy(plain, gzip);
        gzip.finish();
        out.getFD().sync();
      }
      Files.move(
          partial, packed, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      Files.delete(plain);
    } catch (IOException e) {
      throw new JournalException("can not pack " + plain + ": " + Trouble.why(e), e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
