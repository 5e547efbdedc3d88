package dev.muster.engine.wiring;

import dev.muster.drill.Drill;
import dev.muster.drill.time.Time;
import dev.muster.engine.plan.Plan;
import dev.muster.engine.run.Ports;
import dev.muster.engine.site.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run would do, as far as looking can tell.
 *
 * @param drill the whole in a line
 * @param steps one after another, with what is done together under one
 * @param abortWhen what would end it early
 * @param victims as they would be now; null where no cluster is there yet that could tell, or
 *     rights are missing to look
 * @param notes what their loss would mean
 * @param refusals what the run would refuse, for want of rights or in preflight
 */
public record DryRun(
    String drill,
    List<Plan.Line> steps,
    List<String> abortWhen,
    @Nullable List<String> victims,
    List<String> notes,
    List<String> refusals) {

  /**
   * @param site empty where the lab is not up
   */
  public static DryRun of(Drill drill, Optional<Site> site, Time time) {
    Plan plan = Plan.of(drill);
    Optional<Ports.Preflight> found = site.map(there -> Wiring.plan(drill, there, time));
    return new DryRun(
        plan.summary(),
        plan.steps(),
        plan.abortWhen(),
        found.map(Ports.Preflight::victims).filter(v -> !v.isEmpty()).orElse(null),
        found.map(Ports.Preflight::notes).orElse(List.of()),
        found.map(Ports.Preflight::refusals).orElse(List.of()));
  }

  /** All of it, for a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(new Plan(drill, steps, abortWhen).lines());
    lines.add(
        victims == null
            ? "victims: not known "
                + (refusals.isEmpty()
                    ? "before the lab is up (muster lab up)"
                    : "without the rights that are missing")
            : "victims now: " + String.join(", ", victims));
    lines.addAll(notes);
    lines.addAll(refused());
    return lines;
  }

  public List<String> refused() {
    return refusals.stream().map(refusal -> "would be refused: " + refusal).toList();
  }
}
