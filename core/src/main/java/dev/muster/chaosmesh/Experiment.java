package dev.muster.chaosmesh;

import dev.muster.source.MinimumDuration;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one document asks for, as steps of a drill.
 *
 * @param notes on the whole
 */
record Experiment(
    String kind, String name, Part part, List<String> notes, List<Map<String, Object>> abortRules) {

  /** Empty where even the kind is wrong; with problems in the document it is not to be used. */
  static Optional<Experiment> read(Document document) {
    Fields root = new Fields(document, "");
    root.take("apiVersion");
    String kind = root.text("kind", "");
    Metadata metadata = Metadata.read(document, root.mapping("metadata"), kind);
    Fields spec = root.mapping("spec");
    root.refuse("status", "it tells what Chaos Mesh has done, and asks for nothing; take it out");
    Optional<Part> part =
        switch (kind) {
          case "PodChaos", "NetworkChaos", "StressChaos" ->
              Optional.of(alone(Chaos.read(document, kind, spec), spec));
          case "Workflow" -> Optional.of(new Workflow(document, spec).part(true));
          case "Schedule" -> Optional.of(Schedule.times(document, spec, metadata.times()));
          default -> {
            root.refuseValue("kind", OtherKinds.why(kind, spec.text("action", "")));
            yield Optional.empty();
          }
        };
    root.close();
    if (document.problems().isEmpty()
        && part.isPresent()
        && DrillText.faults(part.get()).findAny().isEmpty()) {
      root.refuseValue("spec", "there is no fault in it, and a drill needs one");
    }
    if (document.problems().isEmpty()) {
      part.ifPresent(p -> DrillText.faults(p).forEach(fault -> seen(fault, root, spec)));
    }
    return part.map(
        p -> new Experiment(kind, metadata.name(), p, document.notes(), document.abortRules()));
  }

  /** Its time may be what a deadline or a schedule leaves of it. */
  private static void seen(Part.Fault fault, Fields root, Fields spec) {
    String kind = String.valueOf(fault.fields().get("kind"));
    String duration = (String) fault.fields().get("duration");
    MinimumDuration least = shortest(kind);
    if (duration != null
        && GoDuration.parse(duration) instanceof GoDuration.Read(Duration lasting)
        && lasting.compareTo(least.time()) < 0) {
      String why = "for " + duration + " " + least.why(kind);
      if (spec.has("duration")) {
        spec.refuseValue("duration", why);
      } else {
        root.refuseValue("spec", why);
      }
    }
  }

  /** Of what a file of Chaos Mesh can be made into; the kinds themselves are not known here. */
  static MinimumDuration shortest(String kind) {
    return switch (kind) {
      case "NetworkPolicy" -> MinimumDuration.LOOKS;
      case "CpuStress" -> MinimumDuration.MEASURED;
      case "MemoryStress" -> MinimumDuration.ALLOCATED;
      default -> MinimumDuration.NONE;
    };
  }

  private static Part alone(Chaos chaos, Fields spec) {
    Duration whole = chaos.duration();
    if (whole == null && !chaos.kill()) {
      Chaos.lacksDuration(spec);
    }
    return chaos.once(whole != null ? whole : Duration.ZERO);
  }
}
