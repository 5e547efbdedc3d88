package dev.muster.load.schedule;

import dev.muster.drill.Arrivals;
import dev.muster.drill.file.DrillException;
import dev.muster.source.NearestName;
import dev.muster.source.Problem;
import dev.muster.source.Trouble;
import java.io.BufferedReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the times of a trace: a column of CSV with a header, as Azure's traces and BurstGPT have
 * it, or a field of a JSON object a line, as Mooncake's have. A time is a date, of UTC where it
 * says nothing else, or a number.
 */
final class TraceFile {
  private static final String USUAL = "timestamp";

  /** As many take 80 MB, and 10,000 requests a second for 1000 s. */
  private static final int MOST = 10_000_000;

  /** Further apart than a load may last, times in nanoseconds would overflow. */
  private static final BigDecimal FARTHEST = BigDecimal.valueOf(Long.MAX_VALUE / 4);

  private final Arrivals.Trace trace;
  private int line;

  private TraceFile(Arrivals.Trace trace) {
    this.trace = trace;
  }

  /**
   * @throws DrillException if it cannot be read, with the line that is wrong
   */
  static Schedule read(Arrivals.Trace trace, long seed) {
    var file = new TraceFile(trace);
    try (var in = Files.newBufferedReader(Path.of(trace.file()))) {
      return new TraceSchedule(file.times(in), seed);
    } catch (NoSuchFileException e) {
      throw file.wrong(0, "no such file; it is looked for from where Muster is started");
    } catch (MalformedInputException e) {
      throw file.wrong(0, "not UTF-8 text; save it as UTF-8");
    } catch (IOException e) {
      throw file.wrong(0, "can not be read: " + Trouble.why(e));
    }
  }

  private long[] times(BufferedReader in) throws IOException {
    var times = LongStream.builder();
    int count = 0;
    var header = next(in);
    if (header == null) {
      throw wrong(0, "has no lines; a trace has one for each request");
    }
    boolean json = header.startsWith("{");
    int column = json ? -1 : column(cells(header));
    for (var text = json ? header : next(in); text != null; text = next(in)) {
      if (++count > MOST) {
        throw wrong(1, "more than " + MOST + " requests; cut the trace");
      }
      times.add(json ? field(text) : cell(text, column));
    }
    if (count == 0) {
      throw wrong(1, "only a header; a trace has a line for each request");
    }
    return times.build().toArray();
  }

  /** The next line that is not empty. */
  private @Nullable String next(BufferedReader in) throws IOException {
    for (var text = in.readLine(); text != null; text = in.readLine()) {
      line++;
      var stripped = (line == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text).strip();
      if (!stripped.isEmpty()) {
        return stripped;
      }
    }
    return null;
  }

  private int column(List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (trace.column() == null
          ? names.get(i).equalsIgnoreCase(USUAL)
          : names.get(i).equals(trace.column())) {
        return i;
      }
    }
    throw lacks(names);
  }

  private DrillException lacks(Iterable<String> names) {
    var known = new ArrayList<String>();
    names.forEach(known::add);
    var wanted = trace.column() == null ? USUAL : trace.column();
    return wrong(
        1,
        "no column \""
            + wanted
            + "\""
            + NearestName.to(wanted, known)
                .map(name -> "; did you mean \"" + name + "\"?")
                .orElse(
                    "; it has "
                        + String.join(", ", known)
                        + ": name the one with the times as \"column\""));
  }

  private long cell(String text, int column) {
    var cells = cells(text);
    if (column >= cells.size()) {
      throw wrong(1, "the line ends before its column " + (column + 1) + ", where the time is");
    }
    int at = 1;
    for (int i = 0; i < column; i++) {
      at += cells.get(i).length() + 1;
    }
    return nanos(cells.get(column), at);
  }

  /** Split at commas that are not within quotes. */
  private static List<String> cells(String text) {
    var cells = new ArrayList<String>();
    var cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }

  private long field(String text) {
    try {
      var object = JsonMapper.shared().readTree(text);
      for (var field : object.properties()) {
        if (trace.column() == null
            ? field.getKey().equalsIgnoreCase(USUAL)
            : field.getKey().equals(trace.column())) {
          return nanos(field.getValue().asString(""), 1);
        }
      }
      throw lacks(object.propertyNames());
    } catch (JacksonException e) {
      throw wrong(1, "no JSON object: " + e.getOriginalMessage());
    }
  }

  private long nanos(String time, int column) {
    try {
      return inRange(
          new BigDecimal(time).multiply(BigDecimal.valueOf(trace.unit().nanos())), column);
    } catch (NumberFormatException e) {
      return date(time, column);
    }
  }

  private long date(String time, int column) {
    try {
      var iso = time.replaceFirst(" +", "T").replaceFirst("(:\\d\\d) *UTC$", "$1Z");
      Instant at =
          iso.matches(".*T.*(Z|[+-]\\d\\d:?\\d\\d)")
              ? OffsetDateTime.parse(iso).toInstant()
              : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
      return inRange(
          BigDecimal.valueOf(at.getEpochSecond(), -9).add(BigDecimal.valueOf(at.getNano())),
          column);
    } catch (DateTimeException e) {
      throw wrong(
          column,
          "\"" + time + "\" is no time: a number, or a date such as 2024-05-10 00:00:00.009930");
    }
  }

  private long inRange(BigDecimal nanos, int column) {
    if (nanos.abs().compareTo(FARTHEST) > 0) {
      throw wrong(column, "a time as large as this one needs another \"unit\"");
    }
    return nanos.setScale(0, RoundingMode.HALF_UP).longValueExact();
  }

  private DrillException wrong(int column, String why) {
    return new DrillException(
        List.of(new Problem(trace.file(), column == 0 ? 0 : line, column, why)));
  }
}
