package dev.muster.deepseek.wire;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import tools.jackson.core.JsonGenerator;

/**
 * Structured log: one JSON object a line, with time (UTC), level, component, pod and message, then
 * the fields of the line. Safe for use by several threads; a line is never torn.
 */
public final class Log {
  private final PrintStream out;
  private final InstantSource clock;
  private final String component;
  private final String pod;

  public Log(PrintStream out, InstantSource clock, String component, String pod) {
    this.out = out;
    this.clock = clock;
    this.component = component;
    this.pod = pod;
  }

  /**
   * @param fields names and values in turn; a value that is a Number or Boolean stays one. What is
   *     not known, an empty text or a negative number, is left out
   */
  public void info(String message, Object... fields) {
    write("INFO", message, fields);
  }

  /** See {@link #info}. */
  public void warn(String message, Object... fields) {
    write("WARN", message, fields);
  }

  /** See {@link #info}. */
  public void error(String message, Object... fields) {
    write("ERROR", message, fields);
  }

  private void write(String level, String message, Object... fields) {
    Instant now = clock.instant();
    var line =
        Json.object(json -> {
          json.writeStringProperty("@timestamp", now.toString());
          json.writeStringProperty("level", level);
          json.writeStringProperty("component", component);
          json.writeStringProperty("pod", pod);
          json.writeStringProperty("message", message);
          for (int i = 0; i + 1 < fields.length; i += 2) {
            field(json, fields[i].toString(), fields[i + 1]);
          }
        });
    out.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void field(JsonGenerator json, String name, Object value) {
    switch (value) {
      case Number n when n.doubleValue() < 0 -> {} // not known
      case Number n -> Json.raw(json, name, n.toString());
      case Boolean b -> json.writeBooleanProperty(name, b);
      case String s when s.isEmpty() -> {}
      default -> json.writeStringProperty(name, value.toString());
    }
  }
}
