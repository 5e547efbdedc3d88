package dev.muster.chaosmesh;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A step of the drill to be written, with what must be said about it in comments. */
sealed interface Part {

  /** From its turn to the turn of the next one. */
  Duration lasting();

  /** As an entry of a YAML list. */
  void write(StringBuilder out, String indent);

  /**
   * @param fields in the order of writing
   */
  record Fault(Map<String, Object> fields, List<String> notes, Duration lasting) implements Part {
    @Override
    public void write(StringBuilder out, String indent) {
      comment(out, indent, notes);
      String lead = indent + "- ";
      for (var field : fields.entrySet()) {
        out.append(lead)
            .append(field.getKey())
            .append(": ")
            .append(YamlText.flow(field.getValue()))
            .append('\n');
        lead = indent + "  ";
      }
    }
  }

  record Hold(Duration lasting, String note) implements Part {
    @Override
    public void write(StringBuilder out, String indent) {
      comment(out, indent, List.of(note));
      out.append(indent).append("- hold: ").append(GoDuration.drill(lasting)).append('\n');
    }
  }

  record Serial(List<Part> parts, List<String> notes) implements Part {
    @Override
    public Duration lasting() {
      return parts.stream().map(Part::lasting).reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void write(StringBuilder out, String indent) {
      group("serial", parts, notes, out, indent);
    }
  }

  record Parallel(List<Part> parts, List<String> notes) implements Part {
    @Override
    public Duration lasting() {
      return parts.stream().map(Part::lasting).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    @Override
    public void write(StringBuilder out, String indent) {
      group("parallel", parts, notes, out, indent);
    }
  }

  /** How many steps it has, with those in it. */
  default int size() {
    return switch (this) {
      case Fault _, Hold _ -> 1;
      case Serial serial -> 1 + serial.parts().stream().mapToInt(Part::size).sum();
      case Parallel parallel -> 1 + parallel.parts().stream().mapToInt(Part::size).sum();
    };
  }

  /** One after another; a single one is itself. */
  static Part serial(List<Part> parts) {
    return parts.size() == 1 ? parts.getFirst() : new Serial(List.copyOf(parts), List.of());
  }

  static void comment(StringBuilder out, String indent, List<String> notes) {
    for (String note : notes) {
      out.append(indent).append("# ").append(YamlText.line(note)).append('\n');
    }
  }

  private static void group(
      String word, List<Part> parts, List<String> notes, StringBuilder out, String indent) {
    comment(out, indent, notes);
    out.append(indent).append("- ").append(word).append(":\n");
    parts.forEach(part -> part.write(out, indent + "    "));
  }
}
