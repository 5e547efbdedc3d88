package dev.muster.drill.file;

import dev.muster.drill.Step;
import dev.muster.drill.expect.Expectation.Bound;
import dev.muster.drill.expect.Expectations;
import dev.muster.drill.field.DurationText;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Bounds that no run of the drill could come near, so that it would pass whatever the service does,
 * and times beyond what a drill may take.
 */
final class BoundRules {
  private static final Duration LONGEST = Duration.ofHours(1000);

  /** A recovery is waited for 5 min where nothing else is said; twice that is beyond any run. */
  private static final Duration RECOVERY = Duration.ofMinutes(10);

  /** Before the load is steady. */
  private static final Duration SETTLE = Duration.ofMinutes(1);

  private static final Duration BASELINE = DrillReader.BASELINE;

  private final SourceTree tree;
  private final BiConsumer<String, String> refuse;

  /**
   * @param refuse takes a pointer and what is wrong there
   */
  BoundRules(SourceTree tree, BiConsumer<String, String> refuse) {
    this.tree = tree;
    this.refuse = refuse;
  }

  void check() {
    boolean endless = tooLong(tree.root().path("faults"), "/faults");
    for (var place : List.of("/expect", "/load", "/abortWhen")) {
      endless |= tooLong(tree.root().at(place), place);
    }
    if (endless) {
      return; // what is compared with it would be told once more
    }
    var most = RECOVERY.compareTo(waited()) > 0 ? RECOVERY : waited();
    var run =
        steps(tree.root().path("faults")).plus(most).plus(of("/load/timeout", DrillReader.TIMEOUT));
    bounds(Bound.TIME, Bound.DEADLINE)
        .forEach(place -> longer(place, run, "nothing could exceed it"));
    for (int i = 0; i < tree.root().path("abortWhen").size(); i++) {
      longer("/abortWhen/" + i + "/for", run, "nothing could hold for so long");
    }
    requests(run);
  }

  /** Pointers of the bounds that are one of these, in the file or not. */
  private Stream<String> bounds(Bound... which) {
    return Expectations.all().stream()
        .filter(each -> List.of(which).contains(each.bound()))
        .flatMap(each -> each.places(tree.root()));
  }

  /** A bound that is not waited for, but compared with what took place. */
  private void longer(String pointer, Duration run, String why) {
    var bound = duration(tree.root().at(pointer));
    if (bound != null && bound.compareTo(run) > 0) {
      refuse.accept(
          pointer,
          "%s is longer than a run of this drill, which takes at most %s from the fault on: %s"
              .formatted(DurationText.of(bound), DurationText.of(run), why));
    }
  }

  private void requests(Duration run) {
    var rate = RateRules.of(tree);
    if (rate == null) {
      return; // a trace, which only whoever runs the drill has
    }
    var baseline = of("/load/baseline", BASELINE);
    if (rate.until(baseline.toNanos() / 1e9) < 1) {
      refuse.accept(
          "/load/arrivals",
          "in a baseline of %s not one request is sent: give more of them, or a longer \"baseline\""
              .formatted(DurationText.of(baseline)));
    }
    // chance sends some more than the mean
    double most = 100 + 1.5 * rate.until(run.plus(baseline).plus(SETTLE).toMillis() / 1e3);
    for (var place : bounds(Bound.REQUESTS).toList()) {
      var bound = tree.root().at(place);
      boolean known = bound.isNumber() && bound.doubleValue() <= 1e9; // else the schema complains
      if (known && bound.doubleValue() > most) {
        refuse.accept(
            place,
            "%s is more than a run of this drill sends, about %.0f: nothing could exceed it"
                .formatted(bound.asString(), most));
      }
    }
  }

  /** Times for which a run would wait. */
  private Duration waited() {
    return bounds(Bound.WAITED)
        .map(place -> of(place, Duration.ZERO))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  /** As {@link Step#expected}, but until each fault undoes itself. */
  private static Duration steps(JsonNode steps) {
    var sum = Duration.ZERO;
    for (var step : steps.valueStream().toList()) {
      sum = sum.plus(step(step));
    }
    return sum;
  }

  private static Duration step(JsonNode step) {
    if (step.has("parallel")) {
      return step.path("parallel")
          .valueStream()
          .map(BoundRules::step)
          .max(Duration::compareTo)
          .orElse(Duration.ZERO);
    }
    var times = step.path("times").isInt() ? Math.clamp(step.path("times").intValue(), 1, 1000) : 1;
    var ttl = zero(step, "ttl");
    var lasting = zero(step, "duration");
    return steps(step.path("serial"))
        .plus(zero(step, "hold"))
        .plus(zero(step, "after"))
        .plus(zero(step, "every").multipliedBy(times - 1L))
        .plus(ttl.compareTo(lasting) > 0 ? ttl : lasting)
        .plus(zero(step, "gracePeriod"));
  }

  private static Duration zero(JsonNode step, String field) {
    var duration = duration(step.path(field));
    return duration == null ? Duration.ZERO : duration;
  }

  /** Whether some time of it is beyond what a drill may take; each is told. */
  private boolean tooLong(JsonNode node, String pointer) {
    boolean some = false;
    for (Map.Entry<String, JsonNode> field : node.propertyStream().toList()) {
      if (field.getKey().endsWith("elector") || field.getKey().equals("request")) {
        continue; // words of their own
      }
      some |= tooLong(field.getValue(), pointer + "/" + field.getKey());
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      some |= tooLong(node.path(i), pointer + "/" + i);
    }
    var duration = duration(node);
    if (duration != null && duration.compareTo(LONGEST) > 0) {
      refuse.accept(pointer, "a drill takes at most 1000h, and this is " + node.asString());
      return true;
    }
    return some;
  }

  private Duration of(String pointer, Duration otherwise) {
    var duration = duration(tree.root().at(pointer));
    return duration == null ? otherwise : duration;
  }

  private static @Nullable Duration duration(JsonNode node) {
    return node.isString() ? DurationText.parse(node.asString()).orElse(null) : null;
  }
}
