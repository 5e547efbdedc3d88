package dev.muster.engine;

import dev.muster.drill.Drill;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do, as far as looking can tell.
 *
 * @param steps the plan
 * @param victims as they would be now; null where no cluster is there yet that could tell
 * @param notes what their loss would mean
 * @param refusals what preflight would refuse
 */
public record DryRun(
    List<String> steps, @Nullable List<String> victims, List<String> notes, List<String> refusals) {

  /**
   * @param site empty where the lab is not up
   */
  public static DryRun of(Drill drill, Optional<Site> site, InstantSource clock) {
    List<String> steps = Plan.of(drill);
    if (site.isEmpty()) {
      return new DryRun(steps, null, List.of(), List.of());
    }
    Ports.Preflight found = Wiring.plan(drill, site.get(), clock);
    return new DryRun(steps, found.victims(), found.notes(), found.refusals());
  }

  /** All of it, for a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(steps);
    lines.add(
        victims == null
            ? "victims: not known before the lab is up (muster lab up)"
            : "victims now: " + String.join(", ", victims));
    lines.addAll(notes);
    lines.addAll(refused());
    return lines;
  }

  public List<String> refused() {
    return refusals.stream().map(refusal -> "would be refused: " + refusal).toList();
  }
}
