package dev.muster.load.stats;

import dev.muster.timeline.Request;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/**
 * The times of a load in HdrHistogram's own log, for its tools: an interval of a second for each of
 * the tags ttft, total, gap and sendlag, in nanoseconds. A request counts in the second in which it
 * ended. The file is there when it is whole. Not safe for use by several threads.
 */
public final class HistogramFile implements AutoCloseable {
  private enum Tag {
    TTFT,
    TOTAL,
    GAP,
    SENDLAG;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final Path file;
  private final Path partial;
  private final PrintStream out;
  private final HistogramLogWriter writer;
  private final Map<Tag, Histogram> nanos = new EnumMap<>(Tag.class);
  private Instant from;

  /**
   * @param file is replaced
   * @param start of the load
   * @throws IOException if it cannot be written
   */
  public HistogramFile(Path file, Instant start) throws IOException {
    this.file = file;
    from = start;
    partial = file.resolveSibling(file.getFileName() + ".partial");
    out = new PrintStream(Files.newOutputStream(partial), false, StandardCharsets.UTF_8);
    writer = new HistogramLogWriter(out);
    writer.outputComment("[Logged by muster load; values in nanoseconds, Interval_Max in ms]");
    writer.outputLogFormatVersion();
    writer.outputStartTime(start.toEpochMilli());
    writer.setBaseTime(start.toEpochMilli());
    writer.outputLegend();
    for (var tag : Tag.values()) {
      var histogram = new Histogram(3);
      histogram.setTag(tag.word());
      nanos.put(tag, histogram);
    }
  }

  /**
   * @param now not before that of the call before
   */
  public void add(Request row, Instant now) {
    if (Duration.between(from, now).compareTo(INTERVAL) >= 0) {
      flush(now);
    }
    record(Tag.TTFT, row, row.firstToken());
    record(Tag.SENDLAG, row, row.sent());
    if (row.answered()) {
      record(Tag.TOTAL, row, row.ended());
      of(Tag.GAP).recordValue(row.longestGapMillis() * 1_000_000);
    }
  }

  private void record(Tag tag, Request row, @Nullable Instant at) {
    if (at != null) {
      of(tag).recordValue(Math.max(0, Duration.between(row.intended(), at).toNanos()));
    }
  }

  private Histogram of(Tag tag) {
    return nanos.getOrDefault(tag, new Histogram(3));
  }

  private void flush(Instant to) {
    for (var histogram : nanos.values()) {
      if (histogram.getTotalCount() > 0) {
        histogram.setStartTimeStamp(from.toEpochMilli());
        histogram.setEndTimeStamp(to.toEpochMilli());
        writer.outputIntervalHistogram(histogram);
        var tag = histogram.getTag();
        histogram.reset();
        histogram.setTag(tag);
      }
    }
    from = to;
  }

  /**
   * Writes what is left and puts the file in its place.
   *
   * @throws IOException if it could not all be written
   */
  public void finish(Instant now) throws IOException {
    flush(now);
    boolean failed = out.checkError();
    out.close();
    if (failed) {
      throw new IOException(file + ": not all of it could be written");
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Without {@link #finish} nothing is left. */
  @Override
  public void close() throws IOException {
    out.close();
    Files.deleteIfExists(partial);
  }
}
