package dev.muster.engine.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.drill.Drill;
import dev.muster.timeline.Event;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A drill that may not do what it needs, in a whole run. */
@Timeout(120)
class MissingRightTest {
  @TempDir Path folder;

  /** A right may be taken away while a drill goes on, and a review need not know everything. */
  @Test
  void aRightThatIsMissingInMidRunIsToldInWords() throws InterruptedException {
    PermittedRun permitted = new PermittedRun(folder, "");
    Drill drill = PermittedRun.drill("{kind: PodKill, gracePeriod: 0s}");
    RoleBound roles = permitted.roles(drill);
    roles.withheld.add("delete pods");
    assertThat(permitted.run(drill, roles))
        .filteredOn(e -> e instanceof Event.FaultNotVerified)
        .singleElement()
        .asString()
        .contains(
            "the cluster refused: pods is forbidden: User \"driller\" cannot delete",
            "'muster rbac DRILL' prints the roles")
        .doesNotContain("Failure executing", "http://");
  }
}
