package dev.muster.report;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * How a page tells times: in UTC, as logs and metrics have them, and beside it in the zone of the
 * machine that wrote the page. A script could ask the reader's, but paper and viewers that run no
 * scripts, like those of build servers, would not show it.
 *
 * @param start of the run; its offset is the one that is named
 */
record PageTime(ZoneId zone, @Nullable Instant start) {
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

  /** Whether there is a local time to tell beside UTC. */
  boolean hasLocal() {
    return start != null && !offset(start).equals(ZoneOffset.UTC);
  }

  /** Like {@code Asia/Shanghai (UTC+08:00)}; empty where no local time is told. */
  String name() {
    if (start == null || !hasLocal()) {
      return "";
    }
    var offset = "UTC" + offset(start);
    return zone instanceof ZoneOffset ? offset : zone.getId() + " (" + offset + ")";
  }

  static String date(Instant at) {
    return DATE.withZone(ZoneOffset.UTC).format(at) + " UTC";
  }

  String localDate(Instant at) {
    return DATE.withZone(zone).format(at);
  }

  static String time(Instant at) {
    return TIME.withZone(ZoneOffset.UTC).format(at);
  }

  String localTime(Instant at) {
    return TIME.withZone(zone).format(at);
  }

  private ZoneOffset offset(Instant at) {
    return zone.getRules().getOffset(at);
  }
}
