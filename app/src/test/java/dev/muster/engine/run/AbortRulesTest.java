package dev.muster.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.AbortRule;
import dev.muster.drill.abort.Alert;
import dev.muster.drill.abort.Comparison;
import dev.muster.drill.abort.Probe;
import dev.muster.drill.abort.Promql;
import dev.muster.engine.time.VirtualTime;
import dev.muster.engine.wiring.NoLoad;
import dev.muster.observe.ObservationException;
import dev.muster.observe.ask.JsonApi;
import dev.muster.observe.metrics.Prometheus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rules that ask Prometheus, with answers that are made up. */
class AbortRulesTest {
  private static final String VALUES =
      "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":["
          + "{\"metric\":{\"pod\":\"a\"},\"value\":[1767323045,\"3\"]},"
          + "{\"metric\":{\"pod\":\"b\"},\"value\":[1767323045,\"0.5\"]}]}}";
  private static final String ALERTS =
      "{\"status\":\"success\",\"data\":{\"alerts\":[{\"labels\":{\"alertname\":\"A\",\"node\":\"n\"},"
          + "\"state\":\"firing\",\"activeAt\":\"2026-01-02T03:04:00Z\"}]}}";

  private final VirtualTime time = new VirtualTime(0, Duration.ofDays(1));
  private final Abort abort = new Abort(time);
  private boolean down;
  private String values = VALUES;

  @AfterEach
  void close() {
    time.close();
  }

  @Test
  void anyValueThatComparesSoIsEnough() throws InterruptedException {
    assertThat(look(promql("<", 1))).isEqualTo("sum(up) was 0.50 < 1.0");
    assertThat(look(promql(">", 3))).isNull();
  }

  @Test
  void whatHasNoValueAndWhatCanNotBeAskedEndNoDrill() throws InterruptedException {
    values = VALUES.replaceAll("\"result\":\\[.*]}}$", "\"result\":[]}}");
    assertThat(look(promql("<", 1))).isNull();
    down = true;
    assertThat(look(promql("<", 1))).isNull();
    assertThat(look(new Alert("A", "firing"))).isNull();
  }

  @Test
  void anAlertInItsStateIsToldWithItsLabels() throws InterruptedException {
    assertThat(look(new Alert("A", "firing"))).isEqualTo("alert A was firing {node=n}");
    assertThat(look(new Alert("A", "pending"))).isNull();
    assertThat(look(new Alert("B", "firing"))).isNull();
  }

  @Test
  void aRuleMustHaveHeldForAllOfItsTime() throws InterruptedException {
    try (AbortProbes probes = probes()) {
      AbortRules rules = rules(probes, AbortRule.When.CONTINUOUS);
      assertThat(rules.broken()).isNull();
      time.freeze(Duration.ofSeconds(9));
      assertThat(rules.broken()).isNull();
      time.freeze(Duration.ofSeconds(1));
      assertThat(rules.broken()).contains("alert A was firing").endsWith("for 10s");
    }
  }

  @Test
  void aRuleForTheTimeOfFaultsHoldsNoMoreWhenTheyAreUndone() throws InterruptedException {
    try (AbortProbes probes = probes()) {
      AbortRules rules = rules(probes, AbortRule.When.ON_CHAOS);
      assertThat(rules.broken()).isNull();
      rules.undone();
      time.freeze(Duration.ofSeconds(20));
      assertThat(rules.broken()).isNull();
    }
  }

  @Test
  void rulesOfTheEdgesAreLookedAtOnlyThere() throws InterruptedException {
    try (AbortProbes probes = probes()) {
      AbortRules rules = rules(probes, AbortRule.When.EDGE);
      time.freeze(Duration.ofSeconds(20));
      assertThat(rules.broken()).isNull();
      rules.atEnd();
      assertThat(abort.reason()).isEqualTo("abortWhen: alert A was firing {node=n} at the end");
    }
    Abort other = new Abort(time);
    try (AbortProbes probes = probes()) {
      new AbortRules(List.of(rule(AbortRule.When.SOT)), probes, time, other).atEnd();
      assertThat(other.reason()).isNull();
      new AbortRules(List.of(rule(AbortRule.When.SOT)), probes, time, other).atStart();
      assertThat(other.reason()).endsWith("before the first fault");
    }
  }

  private AbortRules rules(AbortProbes probes, AbortRule.When mode) {
    return new AbortRules(List.of(rule(mode)), probes, time, abort);
  }

  private static AbortRule rule(AbortRule.When mode) {
    return new AbortRule(new Alert("A", "firing"), mode, Duration.ofSeconds(10));
  }

  private static Promql promql(String criteria, double value) {
    return new Promql("sum(up)", new Comparison(criteria, value));
  }

  private @org.jspecify.annotations.Nullable String look(Probe probe) throws InterruptedException {
    try (AbortProbes probes = probes()) {
      return probes.look(new AbortRule(probe, AbortRule.When.CONTINUOUS, Duration.ZERO));
    }
  }

  private AbortProbes probes() {
    return new AbortProbes(new NoLoad(), Optional.of(new Prometheus(new Answers())));
  }

  private final class Answers implements JsonApi {
    @Override
    public JsonNode get(String path, Map<String, String> query) {
      if (down) {
        throw new ObservationException("nobody listens there");
      }
      return new JsonMapper().readTree(path.endsWith("/alerts") ? ALERTS : values);
    }

    @Override
    public JsonNode post(String path, JsonNode body) {
      throw new IllegalStateException("nobody posts");
    }
  }
}
