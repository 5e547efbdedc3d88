package dev.muster.drill.file;

import dev.muster.drill.Rate;
import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.NumberText;
import dev.muster.source.SourceTree;
import java.time.Duration;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Rates that can be sent, and times in which they change. */
final class RateRules {
  private static final double MOST = 10_000;

  private final SourceTree tree;
  private final BiConsumer<String, String> refuse;
  private boolean fine = true;

  /**
   * @param refuse takes a pointer and what is wrong there
   */
  RateRules(SourceTree tree, BiConsumer<String, String> refuse) {
    this.tree = tree;
    this.refuse =
        (pointer, why) -> {
          fine = false;
          refuse.accept(pointer, why);
        };
  }

  /** The load's rate; null where it has none or a wrong one. */
  static @Nullable Rate of(SourceTree tree) {
    var rules = new RateRules(tree, (_, _) -> {});
    var arrivals = tree.root().at("/load/arrivals");
    var rate = arrivals.has("poisson") ? arrivals.path("poisson") : arrivals.path("constant");
    rules.check();
    return rules.fine && !rate.isMissingNode() ? DrillReader.rate(rate) : null;
  }

  void check() {
    if (tree.root().at("/load/arrivals").has("concurrency")) {
      refuse.accept(
          "/load/arrivals/concurrency",
          "a closed loop asks a slow service for less, so that what it would have failed is never"
              + " asked; a drill takes open loops only, \"muster load --concurrency\" both");
    }
    for (var pattern : new String[] {"poisson", "constant"}) {
      var pointer = "/load/arrivals/" + pattern;
      var rate = tree.root().at(pointer);
      if (rate.isObject()) {
        perSecond(pointer + "/from", true);
        perSecond(pointer + "/to", false);
        lasting(pointer + "/over");
      } else if (rate.isArray()) {
        fine &= !rate.isEmpty();
        for (int i = 0; i < rate.size(); i++) {
          perSecond(pointer + "/" + i + "/rate", false);
          lasting(pointer + "/" + i + "/for");
        }
      } else if (!rate.isMissingNode()) {
        perSecond(pointer, false);
      }
    }
  }

  private void perSecond(String pointer, boolean orNone) {
    var rate = NumberText.rate(tree.root().at(pointer).asString(""));
    if (rate == null) {
      fine = false; // the schema has complained
    } else if ((rate == 0 && !orNone) || rate < 0 || rate > MOST) {
      refuse.accept(pointer, "a rate must be above 0/s and at most 10000/s");
    }
  }

  private void lasting(String pointer) {
    var lasting = DurationText.parse(tree.root().at(pointer).asString("")).orElse(null);
    if (lasting == null) {
      fine = false; // the schema has complained
    } else if (lasting.compareTo(Duration.ofSeconds(1)) < 0) {
      refuse.accept(pointer, "a rate must last for at least 1s before it changes");
    }
  }
}
