package dev.muster.timeline.file;

import dev.muster.source.Trouble;
import dev.muster.timeline.EventJson;
import dev.muster.timeline.Request;
import dev.muster.timeline.RetryId;
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
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import tools.jackson.core.JacksonException;

/**
 * The ledger of a run as it was read.
 *
 * @param rows of first attempts, by intended time
 * @param retries rows of attempts after the first, which stand in no row above; by time and number
 * @param torn whether the end was cut short: Muster was killed while writing
 * @param unreadable numbers, from 1, of lines that are no rows and were passed over
 */
public record LedgerFile(
    List<Request> rows, List<Request> retries, boolean torn, List<Integer> unreadable) {
  /** While the run goes on. */
  public static final String PLAIN = "ledger.jsonl";

  /** After it. */
  public static final String PACKED = "ledger.jsonl.gz";

  /**
   * Reads the ledger of a run folder, finished or not; empty where no request was ever recorded.
   *
   * @throws JournalException if it cannot be read
   */
  public static LedgerFile read(Path runFolder) {
    var path = runFolder.resolve(name(runFolder));
    if (!Files.exists(path)) {
      return new LedgerFile(List.of(), List.of(), false, List.of());
    }
    try (var in = Files.newInputStream(path)) {
      return parse(path.endsWith(PACKED) ? new GZIPInputStream(in) : in);
    } catch (EOFException | ZipException e) {
      return new LedgerFile(
          List.of(), List.of(), true, List.of()); // not even the header of the packed file is whole
    } catch (IOException e) {
      throw new JournalException("can not read " + path + ": " + Trouble.why(e), e);
    }
  }

  /** Of the file that holds it. */
  static String name(Path runFolder) {
    return Files.exists(runFolder.resolve(PACKED)) ? PACKED : PLAIN;
  }

  private static LedgerFile parse(InputStream in) throws IOException {
    var rows = new ArrayList<Request>();
    var unreadable = new ArrayList<Integer>();
    boolean cut = false;
    int number = 0;
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        try {
          rows.add(EventJson.readRequest(line));
        } catch (JacksonException e) {
          unreadable.add(number);
        }
      }
    } catch (EOFException | ZipException e) {
      cut = true;
    }
    // only the last line may be torn
    boolean torn = cut || unreadable.contains(number);
    int last = number;
    unreadable.removeIf(line -> line == last);
    rows.sort(Comparator.comparing(Request::intended).thenComparing(Request::id));
    var attempts =
        rows.stream().collect(Collectors.partitioningBy(row -> RetryId.of(row.id()).isPresent()));
    return new LedgerFile(
        List.copyOf(attempts.get(false)),
        List.copyOf(attempts.get(true)),
        torn,
        List.copyOf(unreadable));
  }
}
