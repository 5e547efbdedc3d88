package dev.muster.deepseek.wire;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

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
    var line = new StringBuilder(256);
    line.append("{\"@timestamp\":\"").append(now).append("\",\"level\":\"").append(level);
    line.append("\",\"component\":").append(Json.quote(component));
    line.append(",\"pod\":").append(Json.quote(pod));
    line.append(",\"message\":").append(Json.quote(message));
    for (int i = 0; i + 1 < fields.length; i += 2) {
      var value = fields[i + 1];
      if (value.equals("") || (value instanceof Number n && n.doubleValue() < 0)) {
        continue;
      }
      line.append(',').append(Json.quote(fields[i].toString())).append(':');
      line.append(
          value instanceof Number || value instanceof Boolean
              ? value.toString()
              : Json.quote(value.toString()));
    }
    line.append("}\n");
    out.writeBytes(line.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
