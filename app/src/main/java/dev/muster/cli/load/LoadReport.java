package dev.muster.cli.load;

import dev.muster.load.Recent;
import dev.muster.load.stats.Series;
import dev.muster.load.strain.Canary;
import dev.muster.report.LoadPage;
import dev.muster.timeline.Request;
import dev.muster.timeline.file.SeriesFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** The page of a load. It is there when it is whole; rows are counted and not kept. */
public final class LoadReport implements AutoCloseable {
  private final Path file;
  private final Path partial;
  private final InstantSource clock;
  private final Instant started;
  private final Series.Growing series;

  /**
   * @param file is replaced
   * @throws IOException if it cannot be written
   */
  public LoadReport(Path file, InstantSource clock) throws IOException {
    this.file = file;
    this.clock = clock;
    partial = file.resolveSibling(file.getFileName() + ".partial");
    Files.writeString(partial, "");
    started = clock.instant();
    series = new Series.Growing(started);
  }

  public void add(Request row) {
    series.add(row);
  }

  public void finish(
      LoadResult told, Map<String, String> asked, Recent recent, Canary canary, String language)
      throws IOException {
    var lags =
        new SeriesFile(
            started,
            clock.instant(),
            Duration.ofSeconds(1),
            List.of(
                new SeriesFile.Line("load_lag", Map.of("of", "send"), recent.lagBySecond()),
                new SeriesFile.Line("load_lag", Map.of("of", "receive"), canary.lagBySecond())));
    var content =
        new LoadPage.Content(
            asked.getOrDefault("URL", ""),
            started,
            told.verdict(),
            told.why(),
            told.notes(),
            told.account(),
            series.series(),
            lags,
            told.bounds().stream()
                .map(b ->
                    new LoadPage.Bound(
                        b.bound(), b.status().name().toLowerCase(Locale.ROOT), b.measured()))
                .toList(),
            asked);
    Files.writeString(partial, LoadPage.html(content, language));
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** What was given, as it was given, without what may be secret. */
  public static Map<String, String> asked(CommandSpec spec, URI url) {
    Map<String, String> asked = new LinkedHashMap<>();
    asked.put("URL", shown(url));
    for (var option : spec.commandLine().getParseResult().matchedOptions()) {
      var name = option.longestName();
      asked.put(
          name,
          String.join(
              ", ",
              option.originalStringValues().stream()
                  .map(value -> name.equals("--header") ? header(value) : value)
                  .toList()));
    }
    return asked;
  }

  /** Users, passwords and the query may be a key. */
  private static String shown(URI url) {
    var text = url.toString().replaceFirst("//[^/@]*@", "//***@");
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query) + "?***";
  }

  /** A variable of the environment is named and not told. */
  private static String header(String header) {
    int colon = header.indexOf(':');
    return header.contains("${") || colon < 0 ? header : header.substring(0, colon) + ": ***";
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(partial);
  }
}
