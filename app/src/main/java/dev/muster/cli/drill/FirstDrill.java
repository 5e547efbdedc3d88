package dev.muster.cli.drill;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The text of a first drill for a service of the user's own: one pod is deleted. */
public final class FirstDrill {
  /** Of the schema that editors are to use, beside the drill. */
  public static final String SCHEMA = "drill.schema.json";

  private static final int LONGEST = 50;

  private FirstDrill() {}

  /**
   * @param endpoint null: nothing is sent, and nothing is said of clients
   * @param model null: as the load's default
   */
  public static String of(OwnService service, @Nullable String endpoint, @Nullable String model) {
    StringBuilder text = new StringBuilder();
    text.append("# yaml-language-server: $schema=" + SCHEMA + "\n");
    text.append(
        """
        # One pod of %s is deleted and has to be replaced.
        # Other faults: muster kinds. Any field: muster explain FIELD.
        apiVersion: muster.dev/v1
        kind: Drill
        metadata:
          name: %s
        target:
          namespace: %s
          selector:
            labelSelectors: {%s}
        """
            .formatted(
                service.word(), name(service), service.namespace(), labels(service.selector())));
    if (endpoint == null) {
      text.append(
          """
          # Without a load nothing is known of clients. Where the service is reached from here:
          #   target.endpoint: https://HOST/v1     '/chat/completions' is added
          #   load: {arrivals: {constant: 2/s}, model: NAME}
          """);
    } else {
      text.append("  endpoint: ").append(quoted(endpoint));
      text.append("   # '/chat/completions' is added: many servers want /v1 here\n");
      text.append("load:\n  arrivals: {constant: 2/s}\n");
      text.append(
          model == null
              ? "  # model: NAME   as the server names it\n"
              : "  model: " + quoted(model) + "\n");
    }
    text.append(
        """
        faults:
          - {kind: PodKill, mode: one}
          - {hold: 1m}
        expect:
          replacedPods: {within: 5m}
          recovered: {within: 5m}
        """);
    if (endpoint != null) {
      text.append("  interruption: {max: 30s}\n  availability: {min: 95%}\n");
    }
    return text.append("  residue: none\n").toString();
  }

  /** A workload's name may be longer than a drill's, and have dots. */
  private static String name(OwnService service) {
    String plain = service.name().replaceAll("[^a-z0-9-]", "-");
    String cut = plain.substring(0, Math.min(LONGEST, plain.length()));
    return cut.replaceAll("-+$", "") + "-pod-kill";
  }

  private static String labels(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(e -> quoted(e.getKey()) + ": " + quoted(e.getValue()))
        .collect(Collectors.joining(", "));
  }

  /** What looks like a number or a boolean is a text all the same. */
  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
