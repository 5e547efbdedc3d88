package dev.muster.report;

import com.samskivert.mustache.Mustache;
import dev.muster.load.LoadTotals;
import dev.muster.load.LoadTotals.Quantiles;
import dev.muster.load.stats.Series;
import dev.muster.timeline.file.SeriesFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The report of a load without a drill: one file for a browser, in one language. */
public final class LoadPage {
  private static final int SHORTEST = 10;

  /**
   * What it tells, in no language but what others have said.
   *
   * @param url without what may be secret
   * @param verdict pass, fail or inconclusive
   * @param series with {@code started} as its origin
   * @param lags of the generator itself, by the second
   * @param bounds that were asked for
   * @param asked options and their values, secrets masked
   */
  public record Content(
      String url,
      Instant started,
      String verdict,
      String why,
      List<String> notes,
      LoadTotals.Snapshot account,
      Series series,
      SeriesFile lags,
      List<Bound> bounds,
      Map<String, String> asked) {}

  /**
   * @param status pass, fail or inconclusive
   */
  public record Bound(String bound, String status, String measured) {}

  private final Content content;
  private final LoadTotals.Snapshot account;
  private final Messages words;

  private LoadPage(Content content, Messages words) {
    this.content = content;
    this.account = content.account();
    this.words = words;
  }

  /**
   * @param language en or zh
   */
  public static String html(Content content, String language) {
    var view = new LoadPage(content, Messages.in(language)).view();
    return Mustache.compiler()
        .escapeHTML(true)
        .compile(ReportPage.template("load.html.mustache"))
        .execute(view);
  }

  private Map<String, Object> view() {
    var axis = new TimeAxis(0, Math.max(SHORTEST, content.series().seconds().size()));
    Map<String, Object> view = new HashMap<>();
    Map<String, String> fixed = new HashMap<>();
    words.keys().forEach(key -> fixed.put(key.replace('.', '_'), words.of(key)));
    view.put("t", fixed);
    view.put("style", ReportPage.template("report.css"));
    view.put("language", words.language().equals("zh") ? "zh-CN" : words.language());
    view.put("url", content.url());
    view.put("when", PageTime.date(content.started()));
    view.put("verdict", content.verdict());
    view.put("verdictWord", words.of("status", content.verdict()));
    view.put("why", content.why());
    view.put("notes", content.notes());
    view.put("tiles", tiles());
    view.put(
        "keys",
        List.of(
            ReportPage.keyed("ok", true, words.of("chart.ok")),
            ReportPage.keyed("bad", true, words.of("chart.bad")),
            ReportPage.keyed("p50", false, words.of("legend.p50")),
            ReportPage.keyed("p99", false, words.of("legend.p99")),
            ReportPage.keyed("streams", false, words.of("chart.streams"))));
    view.put("chart", Chart.svg(content.series(), axis, words));
    view.put("lags", SeriesChart.svg(content.lags(), axis, words));
    view.put("times", times());
    view.put("hasBounds", !content.bounds().isEmpty());
    view.put("bounds", content.bounds().stream().map(this::bound).toList());
    view.put("requests", account.requests());
    view.put("outcomes", outcomes());
    view.put("hasFailures", !account.failures().isEmpty());
    view.put("failures", failures());
    view.put("asked", content.asked().entrySet());
    return view;
  }

  private List<Map<String, String>> tiles() {
    var tiles = new ArrayList<Map<String, String>>();
    tiles.add(tile(words.of("load.requests"), Long.toString(account.requests())));
    var errors = account.errorRatio();
    tiles.add(tile(words.of("load.errors"), errors == null ? "–" : share(errors)));
    tiles.add(tile(words.of("load.lost"), Long.toString(account.lost())));
    tiles.add(tile(words.of("load.ttft") + " p99", millis(account.ttft(), account.ttft().p99())));
    tiles.add(
        tile(
            words.of("load.rate"),
            account.seconds() == 0 ? "–" : one(account.tokens() / account.seconds())));
    var felt = account.felt();
    if (felt != null) {
      tiles.add(
          tile(
              words.sentence("load.retries", Long.toString(felt.retries())),
              felt.served() + " / " + felt.users()));
    }
    return tiles;
  }

  private static Map<String, String> tile(String name, String value) {
    return Map.of("name", name, "value", value);
  }

  private List<Map<String, String>> times() {
    var rows = new ArrayList<Map<String, String>>();
    rows.add(times("load.ttft", account.ttft()));
    rows.add(times("load.total", account.total()));
    rows.add(times("load.gap", account.longestGap()));
    rows.add(times("load.sendlag", account.sendLag()));
    var felt = account.felt();
    if (felt != null) {
      rows.add(times("load.felt", felt.total()));
    }
    return rows;
  }

  private Map<String, String> times(String name, Quantiles of) {
    return Map.of(
        "name", words.of(name),
        "p50", millis(of, of.p50()),
        "p90", millis(of, of.p90()),
        "p99", millis(of, of.p99()),
        "max", millis(of, of.max()));
  }

  private static String millis(Quantiles of, double value) {
    return of.count() == 0 ? "–" : one(value);
  }

  private static String one(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String share(double ratio) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * ratio);
  }

  private Map<String, String> bound(Bound bound) {
    return Map.of(
        "bound", bound.bound(),
        "status", bound.status(),
        "statusWord", words.of("status", bound.status()),
        "measured", bound.measured());
  }

  private List<Map<String, Object>> outcomes() {
    var rows = new ArrayList<Map<String, Object>>();
    new TreeMap<>(account.outcomes())
        .forEach((outcome, count) ->
            rows.add(
                Map.of(
                    "id", outcome.name(),
                    "name", words.of("outcome", outcome.name()),
                    "count", count)));
    return rows;
  }

  private List<Map<String, Object>> failures() {
    return account.failures().stream()
        .map(f ->
            Map.<String, Object>of(
                "name", words.of("outcome", f.outcome().name()),
                "count", f.count(),
                "words", f.words()))
        .toList();
  }
}
