package dev.muster.agent;

import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The agent's words: one JSON object a line on standard output, which the kubelet keeps on the node
 * until somebody can read it, and in the fault's folder on the node. Safe for several threads.
 */
final class Telling {
  private static final JsonFactory JSON = new JsonFactory();

  private final PrintStream out;
  private final InstantSource clock;
  private @Nullable Path folder;

  Telling(PrintStream out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /**
   * From now on the lines go into a file of this folder as well, as long as the folder is there.
   */
  synchronized void alsoTo(Path folder) {
    this.folder = folder;
  }

  /**
   * @param event up, armed, injecting, injected, verified, not-verified, held, lost, reverting,
   *     reverted, not-reverted, refused, residue, node, probe, listening, notified, reaping,
   *     not-reached
   * @param detail lists and maps become arrays and objects, everything else text
   */
  synchronized void say(String event, Map<String, ?> detail) {
    String line = line(event, detail);
    out.println(line);
    out.flush();
    Path evidence = folder;
    if (evidence != null && Files.isDirectory(evidence)) {
      try {
        Files.writeString(
            evidence.resolve("evidence.jsonl"),
            line + "\n",
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        folder = null; // a full disk is no reason to fail; standard output has the line
      }
    }
  }

  private String line(String event, Map<String, ?> detail) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeStringProperty("event", event);
      json.writeStringProperty("at", clock.instant().toString());
      detail.forEach((name, value) -> {
        json.writeName(name);
        write(json, value);
      });
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Object value) {
    switch (value) {
      case List<?> list -> {
        json.writeStartArray();
        list.forEach(item -> write(json, item));
        json.writeEndArray();
      }
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach((name, inner) -> {
          json.writeName(String.valueOf(name));
          write(json, inner);
        });
        json.writeEndObject();
      }
      default -> json.writeString(String.valueOf(value));
    }
  }

  static UncheckedIOException failed(String what, IOException e) {
    return new UncheckedIOException(what + ": " + e.getMessage(), e);
  }
}
