package dev.muster.timeline;

import dev.muster.source.Trouble;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;

/**
 * The ledger of a run as it was read.
 *
 * @param rows by intended time
 * @param torn whether the end was cut short: Muster was killed while writing
 */
public record LedgerFile(List<Request> rows, boolean torn) {
  /** While the run goes on. */
  public static final String PLAIN = "ledger.jsonl";

  /** After it. */
  public static final String PACKED = "ledger.jsonl.gz";

  /**
   * Reads the ledger of a run folder, finished or not; empty where no request was ever recorded.
   *
   * @throws JournalException if it can not be read, or a line other than the last is no row
   */
  public static LedgerFile read(Path runFolder) {
    var packed = runFolder.resolve(PACKED);
    var plain = runFolder.resolve(PLAIN);
    var path = Files.exists(packed) ? packed : plain;
    if (!Files.exists(path)) {
      return new LedgerFile(List.of(), false);
    }
    try (var in = Files.newInputStream(path)) {
      return parse(path.equals(packed) ? new GZIPInputStream(in) : in, path.toString());
    } catch (EOFException | ZipException e) {
      return new LedgerFile(List.of(), true); // not even the header of the packed file is whole
    } catch (IOException e) {
      throw new JournalException("can not read " + path + ": " + Trouble.why(e), e);
    }
  }

  private static LedgerFile parse(InputStream in, String name) throws IOException {
    var rows = new ArrayList<Request>();
    boolean cut = false;
    JournalException broken = null;
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      int number = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (broken != null) {
          throw broken; // only the last line may be torn, and another one follows
        }
        try {
          rows.add(EventJson.readRequest(line));
        } catch (JacksonException e) {
          broken =
              new JournalException(
                  name + ":" + number + ": not a request: " + e.getOriginalMessage(), e);
        }
      }
    } catch (EOFException | ZipException e) {
      cut = true;
    }
    rows.sort(Comparator.comparing(Request::intended).thenComparing(Request::id));
    return new LedgerFile(List.copyOf(rows), cut || broken != null);
  }
}
