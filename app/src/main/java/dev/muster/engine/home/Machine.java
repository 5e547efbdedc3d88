package dev.muster.engine.home;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The machine that Muster runs on, as a reader of a report must know it to repeat a run. */
public final class Machine {
  private Machine() {}

  public static Map<String, String> facts() {
    Map<String, String> facts = new TreeMap<>();
    facts.put("java", System.getProperty("java.vendor") + " " + System.getProperty("java.version"));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    String memory = memory();
    if (!memory.isEmpty()) {
      facts.put("memory", memory);
    }
    return facts;
  }

  private static String memory() {
    try {
      return Files.readAllLines(Path.of("/proc/meminfo")).stream()
          .filter(l -> l.startsWith("MemTotal:"))
          .map(l -> Long.parseLong(l.replaceAll("\\D", "")) / (1 << 20) + " GiB")
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return ""; // not Linux: one fact less
    }
  }
}
