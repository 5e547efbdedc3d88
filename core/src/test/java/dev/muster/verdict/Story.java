package dev.muster.verdict;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.timeline.Event;
import dev.muster.timeline.Milestone;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Outcome;
import dev.muster.timeline.Request;
import dev.muster.timeline.Stamp;
import dev.muster.timeline.Trace;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A run told in a few lines. Times are seconds after the fault; the baseline is the 20 s before it.
 *
 * <pre>{@code
 * Story.healed().without(Milestone.POD_EVICTED).setting("tolerationSeconds", "300", "Pod/llm/w")
 * }</pre>
 */
public final class Story {
  public static final Instant FAULT = Instant.parse("2026-01-02T03:04:05Z");

  private final List<Event> events = new ArrayList<>();
  private final List<Request> ledger = new ArrayList<>();
  private final List<Trace> traces = new ArrayList<>();
  private boolean loaded = true;
  private String arrivals = "constant: 10/s";
  private String prompts = "";
  private String observe = "";
  private String fault = "{kind: NodeShutdown, duration: 2m, ttl: 4m}";
  private String expect =
      """
        detected: {within: 60s}
        replacedPods: {within: 2m}
        interruption: {max: 3m}
        availability: {min: 90%}
        lostRequests: {max: 60}
        recovered: {within: 4m}
        residue: none
      """;

  /** Power cut on n1, one worker lost and replaced, power back at 120 s, all in order. */
  public static Story healed() {
    return Stories.healed();
  }

  /** The main process of a worker killed, started again at 3 s and ready again at 15 s. */
  public static Story killed() {
    return Stories.killed();
  }

  /** Nobody asks anything of the service. */
  public Story withoutLoad() {
    loaded = false;
    ledger.clear();
    without(Event.LoadStarted.class);
    return expecting("detected: {within: 60s}\nreplacedPods: {within: 2m}\nresidue: none");
  }

  /** A pod evicted at that time, and the rest of its way: loaded 12 s, ready 13 s later. */
  public Story replaced(String pod, String replacement, double at) {
    var place = "pod/llm/" + replacement;
    reached(at, Milestone.POD_EVICTED, "pod/llm/" + pod);
    reached(at + 0.1, Milestone.REPLACEMENT_CREATED, place);
    reached(at + 0.2, Milestone.REPLACEMENT_SCHEDULED, place);
    reached(at + 2, Milestone.REPLACEMENT_STARTED, place);
    reached(at + 12, Milestone.MODEL_LOADED, place);
    reached(at + 13, Milestone.REPLACEMENT_READY, place);
    event(
        at + 13.2,
        s ->
            new Event.MilestoneReached(
                s,
                Milestone.ENDPOINT_ADDED,
                ObjectRef.parse("endpointslice/llm/w"),
                Map.of("pod", replacement)));
    return event(
        at + 14,
        s ->
            new Event.MilestoneReached(
                s,
                Milestone.FIRST_GOOD_TOKEN,
                ObjectRef.parse("request/r-1"),
                Map.of("pod", replacement)));
  }

  public Story expecting(String lines) {
    expect = lines.indent(2);
    return this;
  }

  /** The drill's only fault, as a YAML flow mapping. */
  public Story doing(String what) {
    fault = what;
    return this;
  }

  /** The inside of the drill's {@code observe}, as a YAML flow mapping. */
  public Story observing(String watchers) {
    observe = "observe: {" + watchers + "}\n";
    return this;
  }

  public Story event(double seconds, Function<Stamp, Event> event) {
    events.add(event.apply(Stamp.engine(at(seconds))));
    return this;
  }

  public Story reached(double seconds, Milestone milestone, String object) {
    return event(
        seconds, s -> new Event.MilestoneReached(s, milestone, ObjectRef.parse(object), Map.of()));
  }

  public Story setting(String name, String value, String where) {
    without(e ->
        e instanceof Event.SettingObserved s
            && s.name().equals(name)
            && s.where().is(ObjectRef.parse(where)));
    return event(-25, s -> new Event.SettingObserved(s, name, value, ObjectRef.parse(where)));
  }

  public Story without(Milestone... milestones) {
    var gone = List.of(milestones);
    return without(e -> e instanceof Event.MilestoneReached m && gone.contains(m.milestone()));
  }

  public Story without(Class<? extends Event> type) {
    return without(type::isInstance);
  }

  public Story without(Predicate<Event> which) {
    events.removeIf(which);
    return this;
  }

  /** Ten a second, first and last included, in place of what was told of that time before. */
  public Story requests(double from, double to, Outcome outcome) {
    withoutRequests(from, to);
    for (long tenth = Math.round(from * 10); tenth <= Math.round(to * 10); tenth++) {
      request(tenth / 10.0, 0.05, outcome);
    }
    return this;
  }

  /** The same load, sent by pods in the cluster. */
  public Story fromPods(int count) {
    arrivals += "}, inCluster: {pods: " + count + ", endpoint: 'http://llm:8080'";
    return this;
  }

  /** Other arrivals than 10 a second, of which no request is told yet. */
  public Story arriving(String pattern) {
    arrivals = pattern;
    ledger.clear();
    return this;
  }

  /** One every so many seconds, in place of what was told of that time before. */
  public Story every(double seconds, double from, double to, Outcome outcome) {
    withoutRequests(from, to);
    for (double at = from; at <= to; at += seconds) {
      request(at, 0.05, outcome);
    }
    return this;
  }

  /** The rows of this stretch, told anew. */
  public Story changed(double from, double to, UnaryOperator<Request> change) {
    ledger.replaceAll(
        r -> r.intended().isBefore(at(from)) || r.intended().isAfter(at(to)) ? r : change.apply(r));
    return this;
  }

  public Story request(double intended, double lasting, Outcome outcome) {
    return request("r" + intended, intended, lasting, outcome);
  }

  public Story request(String id, double intended, double lasting, Outcome outcome) {
    ledger.add(Rows.row(id, intended, lasting, outcome));
    return this;
  }

  /** The answers of this stretch are texts of other digests. */
  public Story saying(double from, double to, Function<Request, String> digest) {
    return changed(
        from, to, r -> r.answered() ? Records.with(r, "answerDigest", digest.apply(r)) : r);
  }

  /** A load whose answers are compared. */
  public Story comparing() {
    prompts = "prompts: [{distinct: 4}]";
    return expecting("content: unchanged");
  }

  /** The answers of a service whose text is not numbered, in this stretch. */
  public Story unnumbered(double from, double to) {
    return changed(from, to, Rows::unnumbered);
  }

  /** Requests of this stretch that the generator sent so many seconds late. */
  public Story sentLate(double from, double to, DoubleUnaryOperator by) {
    return changed(from, to, r -> Rows.sentLate(r, by));
  }

  /** Requests of this stretch whose first token came no sooner than so many seconds late. */
  public Story slow(double from, double to, double seconds) {
    return changed(from, to, r -> Rows.slow(r, seconds));
  }

  /** Requests of this stretch that were answered and now are not. */
  Story failing(double from, double to, Outcome outcome) {
    return changed(from, to, r -> Rows.failing(r, outcome));
  }

  /** Complete answers of this stretch that have no token. */
  public Story empty(double from, double to) {
    return changed(from, to, Rows::empty);
  }

  /** Rows that are gone from the ledger. */
  public Story withoutRequests(double from, double to) {
    ledger.removeIf(r -> !r.intended().isBefore(at(from)) && !r.intended().isAfter(at(to)));
    return this;
  }

  /** What gateway g1 and the worker leave of every request that was answered in full. */
  public Story traced(String worker) {
    ledger.stream()
        .filter(r -> r.outcome() == Outcome.COMPLETE)
        .forEach(r -> {
          record(r.id(), "g1", worker);
          line(r.id(), "api", "g1", r.intended(), "complete");
          line(r.id(), "worker", worker, r.intended(), "stop");
        });
    return this;
  }

  public Story record(String id, String gateway, String worker) {
    var key = "/usage/" + id;
    return trace(
        new Trace(id, Trace.Source.USAGE, key, null, "api", gateway, "", worker, "stop", "", 1));
  }

  public Story line(String id, String component, String pod, Instant at, String outcome) {
    var said = "request finished";
    return trace(
        new Trace(id, Trace.Source.LOG, "doc", at, component, pod, "", "", outcome, said, 1));
  }

  public Story trace(Trace trace) {
    traces.add(trace);
    return this;
  }

  public Story withoutTraces(Predicate<Trace> which) {
    traces.removeIf(which);
    return this;
  }

  /** All traces that were told until now were read. */
  public Story read(Trace.Source... sources) {
    for (var source : sources) {
      var rows = traces.stream().filter(t -> t.source() == source).count();
      event(150, s -> new Event.TracesRead(s, source, rows, Map.of()));
    }
    return this;
  }

  public History history() {
    var scheduled = ledger.size();
    boolean told = events.stream().anyMatch(Event.LoadEnded.class::isInstance);
    var timeline = new ArrayList<>(events);
    if (loaded && !told) {
      var over =
          ledger.stream()
              .map(r -> Objects.requireNonNullElse(r.ended(), r.intended()))
              .filter(end -> end.isAfter(at(141)))
              .max(Comparator.naturalOrder())
              .orElse(at(141));
      timeline.add(
          new Event.LoadEnded(Stamp.engine(over), scheduled, 3, 9, new Event.CanaryLag(900, 2, 8)));
    }
    timeline.sort(Comparator.comparing(e -> e.stamp().at()));
    var rows = new ArrayList<>(ledger);
    rows.sort(Comparator.comparing(Request::intended));
    return new History(drill(), List.copyOf(timeline), List.copyOf(rows), List.copyOf(traces));
  }

  /** The only finding of that name. */
  public Finding finding(String check) {
    var all = findings(check);
    if (all.size() != 1) {
      throw new AssertionError("findings of " + check + ": " + all);
    }
    return all.getFirst();
  }

  public List<Finding> findings(String check) {
    return Verdict.of(history()).findings().stream()
        .filter(finding -> finding.check().equals(check))
        .toList();
  }

  public static Instant at(double seconds) {
    return FAULT.plus(Duration.ofNanos(Math.round(seconds * 1e9)));
  }

  private Drill drill() {
    return DrillFile.parseKept(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: story}
        target: {namespace: llm, selector: {labelSelectors: {app: worker}}}
        """
            + "faults: ["
            + fault
            + "]\n"
            + observe
            + (loaded ? "load: {arrivals: {" + arrivals + "}, " + prompts + "}\n" : "")
            + "expect:\n"
            + expect,
        "story.yaml");
  }
}
