package dev.muster.chaosmesh;

import dev.muster.source.MinimumAmount;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Stress in the cgroup of containers. */
final class StressChaos {
  private static final Pattern SIZE =
      Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kmgt]?)(i?)b?", Pattern.CASE_INSENSITIVE);
  private static final int MOST_WORKERS = 512;
  private static final int LONGEST_SIZE = 40;

  /** Of units: as many digits as a drill's amount may have. */
  private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000);

  private StressChaos() {}

  static Chaos read(Document document, Fields spec) {
    Map<String, Object> victims = new LinkedHashMap<>();
    List<String> notes = new ArrayList<>();
    Victims.read(document, spec, victims, notes);
    victims.put("in", "pod");
    List<String> containers = spec.containers("containerNames");
    if (containers.size() > 1) {
      spec.refuseValue(
          "containerNames", "Muster stresses one container of each pod; write a file for each");
    }
    if (!containers.isEmpty()) {
      victims.put("containers", containers);
    }
    spec.refuse("stressngStressors", "words of stress-ng are not taken; say it with \"stressors\"");
    Fields stressors = spec.mapping("stressors");
    List<Map<String, Object>> faults = new ArrayList<>();
    if (stressors.has("cpu")) {
      faults.add(cpu(stressors.mapping("cpu"), victims));
    }
    if (stressors.has("memory")) {
      faults.add(memory(stressors.mapping("memory"), victims, notes));
    }
    if (faults.isEmpty()) {
      spec.lacks("stressors", "cpu or memory");
      stressors.lacks("cpu", "or memory, one is needed");
      faults.add(victims);
    }
    if (faults.size() > 1 && !"all".equals(victims.get("mode"))) {
      stressors.refuse(
          "memory",
          "with \"cpu\" beside it and mode "
              + victims.get("mode")
              + ": Muster chooses the pods of each fault anew, so they could be others; use mode"
              + " all or a file for each");
    }
    stressors.close();
    return new Chaos(faults, notes, null, false);
  }

  private static Map<String, Object> cpu(Fields cpu, Map<String, Object> victims) {
    Map<String, Object> fault = new LinkedHashMap<>(Map.of("kind", "CpuStress"));
    fault.putAll(victims);
    Integer load = cpu.number("load");
    if (load != null && load == 0) {
      cpu.refuseValue("load", "no load is no fault");
    }
    int workers = workers(cpu);
    fault.put("load", load == null ? 100 : load);
    fault.put("workers", workers);
    if (load != null && load > 0) {
      MinimumAmount.cpu(load, workers, true).ifPresent(why -> cpu.refuseValue("load", why));
    }
    options(cpu);
    cpu.close();
    return fault;
  }

  private static Map<String, Object> memory(
      Fields memory, Map<String, Object> victims, List<String> notes) {
    Map<String, Object> fault = new LinkedHashMap<>(Map.of("kind", "MemoryStress"));
    fault.putAll(victims);
    int workers = workers(memory);
    if (workers > 1) {
      notes.add(
          "Muster itself decides how many processes take the memory (workers: "
              + workers
              + "); the size is their sum.");
    }
    String size = memory.text("size");
    if (size == null) {
      notes.add("No size was given: all of it.");
      fault.put("size", "100%");
    } else {
      fault.put("size", size(memory, size));
    }
    if (fault.get("size").toString().endsWith("%")) {
      notes.add(
          "A percentage is of the container's memory limit; of the node's memory where it has"
              + " none.");
    }
    memory.refuse(
        "oomScoreAdj", "Muster sets whom the kernel kills first by itself, so that the undo lives");
    options(memory);
    memory.close();
    return fault;
  }

  private static int workers(Fields stressor) {
    Integer workers = stressor.number("workers");
    if (workers != null && workers == 0) {
      stressor.refuseValue("workers", "no worker is no fault");
    } else if (workers != null && workers > MOST_WORKERS) {
      stressor.refuseValue("workers", "at most " + MOST_WORKERS);
    }
    return workers == null ? 1 : workers;
  }

  private static void options(Fields stressor) {
    if (!stressor.texts("options").isEmpty()) {
      stressor.refuse(
          "options", "they are flags for stress-ng, which Muster gives itself; take them out");
    }
  }

  /** {@code 256MB}, {@code 1.5GiB}, {@code 50%} and plain bytes, as a drill writes them. */
  private static String size(Fields memory, String text) {
    if (text.matches("[1-9][0-9]?%|100%")) {
      return text;
    }
    var parts = SIZE.matcher(text);
    if (text.length() > LONGEST_SIZE || !parts.matches()) {
      memory.refuseValue("size", "\"" + text + "\" is not an amount such as 256MB, 1GiB or 50%");
      return "1K";
    }
    long base = parts.group(3).isEmpty() ? 1000 : 1024;
    int power =
        parts.group(2).isEmpty() ? 0 : "kmgt".indexOf(parts.group(2).toLowerCase(Locale.ROOT)) + 1;
    BigDecimal bytes = new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(base).pow(power));
    for (String unit : List.of("G", "M", "K")) {
      for (long each : new long[] {1024, 1000}) {
        BigDecimal[] whole =
            bytes.divideAndRemainder(BigDecimal.valueOf(each).pow("KMG".indexOf(unit) + 1));
        if (whole[1].signum() == 0 && whole[0].signum() > 0 && whole[0].compareTo(MOST) < 0) {
          MinimumAmount.size(bytes.longValue()).ifPresent(why -> memory.refuseValue("size", why));
          return whole[0].toBigInteger() + unit + (each == 1024 ? "i" : "") + "B";
        }
      }
    }
    memory.refuseValue(
        "size", "it must be a whole number of kilobytes above 0 that a machine could have");
    return "1K";
  }
}
