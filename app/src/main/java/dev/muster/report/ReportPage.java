package dev.muster.report;

import com.samskivert.mustache.Mustache;
import dev.muster.load.stats.Series;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.file.SeriesFile;
import dev.muster.verdict.check.clients.Answers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A report for people, in one language: the model with words, poured into a template. */
final class ReportPage {
  private final ReportModel report;
  private final Messages messages;
  private final PageTime times;

  private ReportPage(ReportModel report, Messages messages, ZoneId zone) {
    this.report = report;
    this.messages = messages;
    this.times = new PageTime(zone, report.started());
  }

  static String html(
      ReportModel report,
      Series series,
      Optional<SeriesFile> measured,
      Messages messages,
      ZoneId zone) {
    var page = new ReportPage(report, messages, zone);
    var view = page.view();
    page.addLooks(view);
    var axis = TimeAxis.of(report, series, measured);
    view.put("chart", Chart.svg(report, series, axis, messages));
    var measurements = SeriesChart.svg(report, measured, axis, messages);
    view.put("seriesChart", measurements);
    view.put("hasSeries", !measurements.isEmpty());
    return Mustache.compiler()
        .escapeHTML(true)
        .compile(template("report.html.mustache"))
        .execute(view);
  }

  static String markdown(ReportModel report, Messages messages) {
    return Mustache.compiler()
        .withEscaper(text -> text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " "))
        .compile(template("report.md.mustache"))
        .execute(new ReportPage(report, messages, ZoneOffset.UTC).view());
  }

  /** What only the page for a browser has. */
  private void addLooks(Map<String, Object> view) {
    view.put("style", template("report.css"));
    view.put("phaseBar", PhaseBar.svg(report.phases(), messages));
    view.put(
        "keys",
        List.of(
            key("ok", true, "chart.ok"),
            key("bad", true, "chart.bad"),
            key("p50", false, "legend.p50"),
            key("p99", false, "legend.p99"),
            key("streams", false, "chart.streams"),
            key("fault", true, "legend.window")));
    view.put("hasLocal", times.hasLocal());
    view.put("zone", times.name());
    view.put("whenLocal", report.started() == null ? "" : times.localDate(report.started()));
    view.put(
        "alertTimes",
        times.hasLocal()
            ? messages.sentence("alert.times.local", times.name())
            : messages.of("alert.times"));
  }

  /**
   * @param area or a line
   */
  private Map<String, Object> key(String kind, boolean area, String name) {
    return keyed(kind, area, messages.of(name));
  }

  static Map<String, Object> keyed(String kind, boolean area, String word) {
    return Map.of("kind", kind, "area", area, "name", word);
  }

  private Map<String, Object> view() {
    Map<String, Object> view = new HashMap<>();
    Map<String, String> fixed = new HashMap<>();
    messages.keys().forEach(key -> fixed.put(key.replace('.', '_'), messages.of(key)));
    view.put("t", fixed);
    view.put("language", messages.language().equals("zh") ? "zh-CN" : messages.language());
    view.put("title", title());
    view.put("run", report.run());
    view.put("drill", report.drill());
    view.put("verdict", report.verdict());
    view.put("verdictWord", messages.of("status", report.verdict()));
    view.put("sentence", sentence());
    view.put("when", report.started() == null ? "" : PageTime.date(report.started()));
    view.put("tiles", tiles());
    view.put("findings", report.findings().stream().map(this::finding).toList());
    view.put("phases", phases());
    view.put("hasPhases", !report.phases().isEmpty());
    view.put("milestones", milestones());
    view.put("hasMilestones", !report.milestones().isEmpty());
    view.put("alerts", report.alerts().stream().map(this::alert).toList());
    view.put("hasAlerts", !report.alerts().isEmpty());
    view.put("outcomes", outcomes());
    view.put("scheduled", report.requests().scheduled());
    view.put("served", served());
    view.put("hasServed", !report.served().pods().isEmpty() || report.served().unnamed() > 0);
    var revisions = report.revisions();
    view.put("revisions", revisions == null ? List.of() : revisions(revisions));
    view.put("hasRevisions", revisions != null && !revisions.isEmpty());
    view.put("revisionsUntold", revisions == null);
    view.put("settings", report.settings());
    view.put("environment", report.environment().entrySet());
    view.put("notes", report.notes().stream().map(messages::say).toList());
    return view;
  }

  private String title() {
    String own = report.title().get(messages.language());
    return own != null ? own : report.title().values().stream().findFirst().orElse(report.drill());
  }

  /**
   * What a reader takes home. A run that did not pass says why first; an inconclusive one says
   * nothing else, for its figures are not to be relied on.
   */
  private String sentence() {
    if (report.fault() == null) {
      return messages.sentence("sentence.none", String.join(", ", report.kinds())) + " " + reason();
    }
    return switch (report.verdict()) {
      case "pass" -> felt();
      case "fail" -> messages.sentence("sentence.join.reason", reason(), felt());
      default -> reason();
    };
  }

  /** The first of the worst findings, and how many more there are of them. */
  private String reason() {
    var worst =
        report.findings().stream().filter(f -> f.status().equals(report.verdict())).toList();
    if (worst.isEmpty()) {
      return messages.of("sentence.nothing");
    }
    var first = worst.getFirst();
    var said =
        messages.sentence(
            "sentence.reason", messages.of("check", first.check()), messages.say(first.why()));
    return worst.size() == 1
        ? said
        : said + messages.sentence("sentence.more", Integer.toString(worst.size() - 1));
  }

  private String felt() {
    var victim = Objects.requireNonNull(report.fault()).victim();
    var felt = report.interruption();
    var parts = new ArrayList<String>();
    parts.add(
        felt == null
            ? messages.sentence("sentence.unfelt", victim)
            : messages.sentence("sentence.felt", victim, Summary.seconds(felt.seconds())));
    say(parts, "sentence.detected", report.first(Milestone.NODE_NOT_READY));
    say(parts, "sentence.replaced", report.last(Milestone.REPLACEMENT_READY));
    say(parts, "sentence.back", report.last(Milestone.NODE_READY));
    return String.join(messages.of("sentence.join"), parts) + messages.of("sentence.end");
  }

  private void say(List<String> parts, String key, @Nullable Double seconds) {
    if (seconds != null) {
      parts.add(messages.sentence(key, Summary.seconds(seconds)));
    }
  }

  private List<Map<String, String>> tiles() {
    var felt = report.interruption();
    var answers = report.requests().sinceFault();
    long all = answers == null ? 0 : answers.all() - answers.unsent();
    return List.of(
        tile("tile.interruption", felt == null ? "0 s" : Summary.seconds(felt.seconds())),
        tile("tile.detection", Summary.seconds(report.first(Milestone.NODE_NOT_READY))),
        tile("tile.replacement", Summary.seconds(report.last(Milestone.REPLACEMENT_READY))),
        tile("tile.recovery", Summary.seconds(report.recovered())),
        tile("tile.lost", answers == null ? "–" : lost(answers)),
        tile(
            "tile.answered",
            answers == null || all == 0
                ? "–"
                : String.format(Locale.ROOT, "%.2f %%", 100.0 * answers.answered() / all)));
  }

  private static String lost(Answers answers) {
    return answers.lost() + " / " + answers.refused() + " / " + answers.unreachable();
  }

  private Map<String, String> tile(String key, String value) {
    return Map.of("name", messages.of(key), "value", value);
  }

  private Map<String, Object> finding(ReportModel.Judged f) {
    Map<String, Object> row = new HashMap<>();
    row.put("status", f.status());
    row.put("statusWord", messages.of("status", f.status()));
    row.put("check", messages.of("check", f.check()));
    row.put("name", f.check());
    row.put("measured", f.measured() == null ? "" : Summary.number(f.measured()) + " " + unit(f));
    row.put("bound", f.bound() == null ? "" : Summary.number(f.bound()) + " " + unit(f));
    row.put("why", messages.say(f.why()));
    row.put("evidence", f.evidence().stream().map(messages::say).toList());
    row.put("hasEvidence", !f.evidence().isEmpty());
    row.put("open", !f.status().equals("pass")); // whoever has to act wants to see why
    row.put("sample", sample(f));
    return row;
  }

  /** At most one: what the figure rests on. */
  private List<String> sample(ReportModel.Judged f) {
    return f.samples() == null || f.from() == null || f.to() == null
        ? List.of()
        : List.of(
            messages.sentence(
                "sample",
                Long.toString(f.samples()),
                String.format(Locale.ROOT, "%.1f", f.from()),
                String.format(Locale.ROOT, "%.1f", f.to())));
  }

  private String unit(ReportModel.Judged f) {
    return messages.of("unit", f.unit());
  }

  private List<Map<String, Object>> phases() {
    var rows = new ArrayList<Map<String, Object>>();
    for (var phase : report.phases()) {
      rows.add(
          Map.of(
              "number",
              rows.size() + 1,
              "name",
              messages.of("phase", phase.name()),
              "seconds",
              phase.seconds() == null ? messages.of("open") : Summary.seconds(phase.seconds()),
              "from",
              Summary.seconds(phase.from()),
              "blame",
              messages.say(phase.blame()),
              "shade",
              rows.size() % PhaseBar.COLOURS));
    }
    return rows;
  }

  private List<Map<String, Object>> milestones() {
    var rows = new ArrayList<Map<String, Object>>();
    for (var m : report.milestones()) {
      rows.add(
          Map.of(
              "number", rows.size() + 1,
              "name", messages.of("milestone", m.name()),
              "id", m.name(),
              "object", m.object(),
              "at", PageTime.time(m.at()),
              "atLocal", times.localTime(m.at()),
              "since",
                  m.sinceFault() == null ? "–" : String.format(Locale.ROOT, "%.3f", m.sinceFault()),
              "source", m.source(),
              "uncertainty", String.format(Locale.ROOT, "%.3f", m.uncertainty())));
    }
    return rows;
  }

  private Map<String, Object> alert(AlertRow a) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("name", a.name());
    row.put("unnamed", a.expected() ? "" : "(" + messages.of("alert.unnamed") + ")");
    var labels = a.labels().entrySet().stream().map(l -> l.getKey() + "=" + l.getValue()).toList();
    row.put("labels", String.join(", ", labels));
    row.put("labelList", labels);
    time(row, "fired", a.fired(), "–");
    row.put("firedSince", since(a.firedSince()));
    time(row, "resolved", a.resolved(), messages.of("open"));
    row.put("resolvedSince", since(a.resolvedSince()));
    time(row, "told", a.told(), "–");
    row.put("toldSince", since(a.toldSince()));
    row.put(
        "silenced", a.silenced() == null ? "" : messages.sentence("alert.silenced", a.silenced()));
    return row;
  }

  private void time(Map<String, Object> row, String name, @Nullable Instant at, String none) {
    row.put(name, at == null ? none : PageTime.time(at));
    row.put(name + "Local", at == null ? "" : times.localTime(at));
  }

  private static String since(@Nullable Double seconds) {
    return seconds == null ? "–" : String.format(Locale.ROOT, "%.3f", seconds);
  }

  private List<Map<String, Object>> outcomes() {
    return report.requests().outcomes().entrySet().stream()
        .map(e ->
            Map.<String, Object>of(
                "name", messages.of("outcome", e.getKey()),
                "id", e.getKey(),
                "count", e.getValue(),
                "none", e.getValue() == 0))
        .toList();
  }

  /** A row for each pod, and one for the requests that nobody names a pod of. */
  private List<Map<String, Object>> served() {
    var rows = new ArrayList<Map<String, Object>>();
    for (var pod : report.served().pods()) {
      rows.add(
          Map.of(
              "pod", pod.pod(),
              "by", messages.of("served.by", pod.by()),
              "answered", pod.answered(),
              "other", pod.other(),
              "from", since(pod.from()),
              "to", since(pod.to())));
    }
    if (report.served().unnamed() > 0) {
      rows.add(
          Map.of(
              "pod", messages.of("served.unnamed"),
              "by", "–",
              "answered", "",
              "other", report.served().unnamed(),
              "from", "",
              "to", ""));
    }
    return rows;
  }

  /** A row for each revision, and one for the requests that nobody names a pod of. */
  private List<Map<String, Object>> revisions(List<RevisionRow> revisions) {
    return revisions.stream()
        .map(r ->
            Map.<String, Object>of(
                "workload", r.workload(),
                "revision", r.revision() == null ? messages.of("served.unnamed") : r.revision(),
                "pods", String.join(", ", r.pods()),
                "answered", r.answered(),
                "from", since(r.from()),
                "to", since(r.to()),
                "before", r.beforeReady().count(),
                "beforeIds", ids(r.beforeReady()),
                "after", r.afterReady().count(),
                "afterIds", ids(r.afterReady())))
        .toList();
  }

  /** At most one: the requests by name. */
  private static List<String> ids(RevisionRow.Requests requests) {
    var named = String.join(", ", requests.ids());
    return requests.ids().isEmpty()
        ? List.of()
        : List.of(requests.count() > requests.ids().size() ? named + " …" : named);
  }

  static String template(String name) {
    try (InputStream in =
        Objects.requireNonNull(ReportPage.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
