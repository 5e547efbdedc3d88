package dev.muster.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Drill;
import dev.muster.drill.file.DrillFile;
import dev.muster.timeline.Event;
import dev.muster.timeline.ObjectRef;
import dev.muster.timeline.Stamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a person is told who ends Muster before it has undone what it did. */
class UnattendedTest {

  @Test
  void aDrillTellsWhatItsKindsLeave() {
    assertThat(Unattended.of(drill("{kind: NodeShutdown, duration: 90s, ttl: 4m}")))
        .isEqualTo(
            "Agents undo their faults by themselves, at ttl at the latest; until 'muster cleanup' a"
                + " node that is off stays off.");
    assertThat(
            Unattended.of(
                drill(
                    "{kind: NodeDrain, duration: 90s, ttl: 10m}, {kind: Rollout, duration: 1m, ttl:"
                        + " 6m}")))
        .isEqualTo(
            "Agents undo their faults by themselves, at ttl at the latest; until 'muster cleanup' a"
                + " node that is off stays off, a node that was cordoned stays cordoned, a workload"
                + " that was changed stays changed.");
  }

  @Test
  void aRunTellsWhomItLeftSo() {
    RunState state =
        RunState.of(
            List.of(
                armed("f1", "NodeDrain", "node/n1#7"),
                armed("f2", "Scale", "Deployment/s/worker#8"),
                armed("f3", "Rollout", "StatefulSet/s/group#9"),
                new Event.FaultReverted(Stamp.engine(Instant.EPOCH), "f3", Map.of())));
    assertThat(state.fate())
        .isEqualTo(
            "NOT UNDONE: NodeDrain of n1, Scale of Deployment/s/worker; agents undo theirs by"
                + " themselves, at ttl at the latest; until 'muster cleanup' a node that is off"
                + " stays off, node n1 stays cordoned, Deployment/s/worker stays changed");
  }

  private static Event armed(String fault, String kind, String victim) {
    return new Event.FaultArmed(
        Stamp.engine(Instant.EPOCH),
        fault,
        kind,
        ObjectRef.Victim.parse(victim),
        Instant.EPOCH.plusSeconds(600),
        Map.of());
  }

  private static Drill drill(String faults) {
    return DrillFile.parse(
        """
        apiVersion: muster.dev/v1
        kind: Drill
        metadata: {name: d}
        target: {namespace: s, selector: {labelSelectors: {app: worker}}}
        load: {arrivals: {constant: 1/s}}
        faults: [%s]
        expect: {residue: none}
        """
            .formatted(faults),
        "d.yaml");
  }
}
