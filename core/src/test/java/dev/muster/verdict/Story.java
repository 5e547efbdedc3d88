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
import dev.muster.verdict.recovery.Recovery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    var story = new Story();
    story.event(-30, s -> new Event.RunStarted(s, "r", "d", Map.of()));
    story.setting("targetPod", "n1", "Pod/llm/worker-a");
    story.setting("targetPod", "n2", "Pod/llm/worker-b");
    story.setting("tolerationSeconds", "30", "Pod/llm/worker-a");
    story.setting("node-monitor-grace-period", "50s", "kube-controller-manager");
    story.setting("controller", "Deployment/llm/worker", "Pod/llm/worker-a");
    story.setting("controller", "Deployment/llm/worker", "Pod/llm/worker-b");
    story.setting("replicas", "3", "Deployment/llm/worker");
    story.setting("replicas", "3", "Deployment/llm/api");
    story.event(-20, s -> new Event.LoadStarted(s, 1, "constant 10/s"));
    story.event(
        -0.2,
        s ->
            new Event.FaultArmed(
                s, "f1", "NodeShutdown", ObjectRef.Victim.parse("n1"), FAULT, Map.of()));
    story.event(
        -0.1, s -> new Event.FaultInjected(s, "f1", "NodeShutdown", ObjectRef.Victim.parse("n1")));
    story.reached(0, Milestone.POWER_OFF, "node/n1");
    story.event(1, s -> new Event.FaultVerified(s, "f1", Map.of("lease", "stopped")));
    story.reached(50, Milestone.NODE_NOT_READY, "node/n1");
    story.reached(50.5, Milestone.TAINT_NO_EXECUTE, "node/n1");
    story.reached(50.1, Milestone.POD_NOT_READY, "pod/llm/worker-a");
    story.replaced("worker-a", "worker-c", 80.5);
    story.event(60, s -> new Event.EffectSeen(s, "f1", Map.of("lease", "stopped")));
    story.event(118, s -> new Event.EffectSeen(s, "f1", Map.of("lease", "stopped")));
    story.event(119.9, s -> new Event.FaultReverting(s, "f1", "duration is over"));
    story.reached(120, Milestone.POWER_ON, "node/n1");
    story.reached(122, Milestone.NODE_READY, "node/n1");
    story.event(123, s -> new Event.FaultReverted(s, "f1", Map.of("power", "on")));
    story.event(140, s -> new Event.PhaseEnded(s, "recover", null));
    story.event(160, s -> new Event.ResidueAudited(s, List.of(), List.of()));
    story.event(161, s -> new Event.RunEnded(s));
    story.requests(-20, 139.9, Outcome.COMPLETE);
    return story;
  }

  /** The main process of a worker killed, started again at 3 s and ready again at 15 s. */
  public static Story killed() {
    var story = new Story();
    story.event(-30, s -> new Event.RunStarted(s, "r", "d", Map.of()));
    story.setting("targetPod", "n1", "Pod/llm/worker-a");
    story.event(-20, s -> new Event.LoadStarted(s, 1, "constant 10/s"));
    var victim = "pod/llm/worker-a";
    story.event(
        -0.2,
        s ->
            new Event.FaultArmed(
                s, "f1", "ProcessKill", ObjectRef.Victim.parse(victim), FAULT, Map.of()));
    story.event(
        0, s -> new Event.FaultInjected(s, "f1", "ProcessKill", ObjectRef.Victim.parse(victim)));
    story.reached(0.2, Milestone.CONTAINER_ENDED, victim);
    story.event(1, s -> new Event.FaultVerified(s, "f1", Map.of("container", "ended")));
    story.event(2, s -> new Event.FaultReverted(s, "f1", Map.of()));
    story.reached(3, Milestone.CONTAINER_RESTARTED, victim);
    story.reached(15, Milestone.POD_READY_AGAIN, victim);
    story.event(20, s -> new Event.PhaseEnded(s, "recover", null));
    story.event(21, s -> new Event.RunEnded(s));
    story.requests(-20, 25, Outcome.COMPLETE);
    return story;
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

  public Story event(double seconds, java.util.function.Function<Stamp, Event> event) {
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
  public Story changed(double from, double to, java.util.function.UnaryOperator<Request> change) {
    ledger.replaceAll(
        r -> r.intended().isBefore(at(from)) || r.intended().isAfter(at(to)) ? r : change.apply(r));
    return this;
  }

  public Story request(double intended, double lasting, Outcome outcome) {
    return request("r" + intended, intended, lasting, outcome);
  }

  public Story request(String id, double intended, double lasting, Outcome outcome) {
    var at = at(intended);
    ledger.add(
        new Request(
            id,
            true,
            at,
            at,
            at,
            null,
            at,
            at,
            at(intended + lasting),
            60,
            5,
            List.of(),
            1,
            0,
            200,
            outcome,
            null,
            outcome != Outcome.NOT_SENT,
            "stop",
            false,
            prompt(intended),
            outcome == Outcome.COMPLETE ? "d" + prompt(intended) : null,
            null));
    return this;
  }

  /** Of four prompts one after another, ten a second. */
  static String prompt(double intended) {
    return "p" + Math.floorMod(Math.round(10 * intended), 4);
  }

  /** The answers of this stretch are texts of other digests. */
  public Story saying(double from, double to, java.util.function.Function<Request, String> digest) {
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
    return changed(from, to, r -> with(r, r.sent(), r.firstAnswerToken(), r.tokens(), false));
  }

  /** Requests of this stretch that the generator sent so many seconds late. */
  public Story sentLate(double from, double to, java.util.function.DoubleUnaryOperator by) {
    return changed(
        from,
        to,
        r -> {
          double intended = Recovery.seconds(FAULT, r.intended());
          return with(
              r, at(intended + by.applyAsDouble(intended)), r.firstAnswerToken(), r.tokens(), true);
        });
  }

  /** Requests of this stretch whose first token came no sooner than so many seconds late. */
  public Story slow(double from, double to, double seconds) {
    return changed(
        from,
        to,
        r ->
            r.firstAnswerToken() == null
                    || r.firstAnswerToken()
                        .isAfter(r.intended().plusMillis(Math.round(seconds * 1000)))
                ? r
                : with(r, r.sent(), r.intended().plusMillis(Math.round(seconds * 1000)), 60, true));
  }

  /** Requests of this stretch that were answered and now are not. */
  Story failing(double from, double to, Outcome outcome) {
    return changed(from, to, r -> r.answered() ? with(r, r.sent(), null, 0, true, outcome) : r);
  }

  /** Complete answers of this stretch that have no token. */
  public Story empty(double from, double to) {
    return changed(from, to, r -> with(r, r.sent(), null, 0, false));
  }

  /** A token that comes late makes what follows it late as well. */
  private static @Nullable Instant later(@Nullable Instant at, @Nullable Instant token) {
    return at == null || token == null || at.isAfter(token) ? at : token;
  }

  private static Request with(
      Request r,
      @Nullable Instant sent,
      @Nullable Instant firstToken,
      int tokens,
      boolean checked) {
    return with(r, sent, firstToken, tokens, checked, r.outcome());
  }

  private static Request with(
      Request r,
      @Nullable Instant sent,
      @Nullable Instant firstToken,
      int tokens,
      boolean checked,
      Outcome outcome) {
    return new Request(
        r.id(),
        r.stream(),
        r.intended(),
        sent,
        r.firstByte(),
        null,
        firstToken,
        firstToken == null ? null : later(r.lastToken(), firstToken),
        later(r.ended(), firstToken),
        tokens,
        r.longestGapMillis(),
        r.pods(),
        r.attempts(),
        r.resumes(),
        r.httpStatus(),
        outcome,
        r.detail(),
        checked,
        r.finishReason(),
        r.countedByChunk(),
        r.prompt(),
        r.answerDigest(),
        r.tokenless());
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
    timeline.sort(java.util.Comparator.comparing(e -> e.stamp().at()));
    var rows = new ArrayList<>(ledger);
    rows.sort(java.util.Comparator.comparing(Request::intended));
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
