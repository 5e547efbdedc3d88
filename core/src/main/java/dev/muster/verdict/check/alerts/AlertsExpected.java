package dev.muster.verdict.check.alerts;

import dev.muster.drill.Drill;
import dev.muster.drill.Drill.Alert;
import dev.muster.drill.expect.ExpectYaml;
import dev.muster.drill.expect.Expectation;
import dev.muster.drill.field.DurationText;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The alerts that a drill names. */
public final class AlertsExpected {
  static final Expectation<List<Alert>> ALERTS =
      Expectation.of(
              "alerts",
              """
              {"type": "array",
               "items": {
                 "type": "object", "additionalProperties": false, "required": ["name"],
                 "properties": {
                   "name": {"type": "string", "minLength": 1, "description": "name of the alert"},
                   "firesWithin": {"$ref": "#/$defs/duration", "description": "counted from the fault"},
                   "resolvesWithin": {"$ref": "#/$defs/duration", "description": "counted from the end of the fault"},
                   "notifiedWithin": {"$ref": "#/$defs/duration", "description": "counted from the fault"}}}}
              """,
              "each fired and somebody was told so soon after the fault, and it resolved so soon"
                  + " after its end",
              node -> node.valueStream().map(AlertsExpected::alert).toList())
          .waited("firesWithin", "resolvesWithin", "notifiedWithin")
          .rules(AlertsExpected::check);

  private AlertsExpected() {}

  /** Empty where it names none. */
  public static List<Alert> in(Drill drill) {
    return ALERTS.in(drill, List.of());
  }

  private static Alert alert(JsonNode alert) {
    return new Alert(
        alert.path("name").asString(),
        time(alert, "firesWithin"),
        time(alert, "resolvesWithin"),
        time(alert, "notifiedWithin"));
  }

  private static @Nullable Duration time(JsonNode alert, String field) {
    return DurationText.parse(alert.path(field).asString("")).orElse(null);
  }

  private static void check(ExpectYaml yaml) {
    yaml.once("name");
    if (!yaml.watched("prometheus")) {
      yaml.refuse("", "alerts need a Prometheus: monitor, or observe.prometheus");
    }
    JsonNode drill = yaml.drill();
    boolean receiver =
        drill.has("monitor")
            || drill.at("/observe/alertmanager").asString("").startsWith("service/");
    for (int i = 0; i < yaml.at("").size(); i++) {
      toldFirst(yaml, "/" + i);
      if (!receiver && yaml.at("/" + i).has("notifiedWithin")) {
        yaml.refuse(
            "/" + i + "/notifiedWithin",
            "who was told is known by muster-receiver beside Alertmanager: monitor, or"
                + " observe.alertmanager as service/NAMESPACE/NAME:PORT");
      }
    }
  }

  /** Nobody is told of an alert before it fires: both are counted from the fault. */
  private static void toldFirst(ExpectYaml yaml, String alert) {
    Duration fires = yaml.duration(alert + "/firesWithin");
    Duration told = yaml.duration(alert + "/notifiedWithin");
    if (fires != null && told != null && told.compareTo(fires) < 0) {
      yaml.refuse(
          alert + "/notifiedWithin",
          "it is told after it fires: notifiedWithin %s can not be below firesWithin %s"
              .formatted(DurationText.of(told), DurationText.of(fires)));
    }
  }
}
