package dev.muster.cluster.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apps.DeploymentConditionBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of {@code kubectl rollout status}. */
class RolloutStatusTest {

  @Test
  void whatIsRolledOutIsComplete() {
    RolloutStatus status = RolloutStatus.of(RolledOut.deployment("w", 3));
    assertThat(status.complete()).isTrue();
    assertThat(status.scaled()).isTrue();
    assertThat(status.words()).isEqualTo("3 of 3 updated, 3 of 3 available");
    assertThat(status.figures()).containsEntry("revision", "4").containsEntry("updated", "3");
    assertThat(RolloutStatus.of(RolledOut.statefulSet("w", 3, "{}")).complete()).isTrue();
  }

  @Test
  void oldPodsAndThoseThatAreNotAvailableAreWaitedFor() {
    RolloutStatus half = RolloutStatus.of(RolledOut.told(RolledOut.deployment("w", 3), 4, 2, 3));
    assertThat(half.complete()).isFalse();
    assertThat(half.settled()).isFalse();
    assertThat(half.words()).isEqualTo("2 of 3 updated, 2 old still there, 3 of 3 available");
    RolloutStatus old = RolloutStatus.of(RolledOut.told(RolledOut.deployment("w", 3), 4, 3, 3));
    assertThat(old.complete()).isFalse();
    RolloutStatus away = RolloutStatus.of(RolledOut.told(RolledOut.deployment("w", 3), 3, 3, 2));
    assertThat(away.complete()).isFalse();
    assertThat(away.settled()).as("nobody is left to be made anew").isTrue();
    assertThat(away.scaled()).isFalse();
  }

  @Test
  void whatTheControllerHasNotSeenCountsForNothing() {
    var deployment = RolledOut.deployment("w", 3);
    deployment.getMetadata().setGeneration(1001L);
    RolloutStatus status = RolloutStatus.of(deployment);
    assertThat(status.complete()).isFalse();
    assertThat(status.scaled()).isFalse();
    assertThat(status.words()).startsWith("its controller has not seen the change, ");
    deployment.setStatus(null);
    assertThat(RolloutStatus.of(deployment).settled()).isFalse();
  }

  @Test
  void aPartitionKeepsTheOldRevisionOfSome() {
    var set =
        RolledOut.told(
            RolledOut.statefulSet("w", 3, "{type: RollingUpdate, rollingUpdate: {partition: 2}}"),
            3,
            1,
            3);
    assertThat(RolloutStatus.of(set).complete()).isTrue();
    assertThat(RolloutStatus.of(RolledOut.told(set, 3, 0, 3)).complete()).isFalse();
    assertThat(RolloutStatus.of(RolledOut.told(set, 3, 0, 3)).words())
        .isEqualTo("0 of 1 updated, 1 old still there, 3 of 3 available");
  }

  @Test
  void theControllersOwnComplaintIsTold() {
    var deployment = RolledOut.told(RolledOut.deployment("w", 3), 3, 0, 3);
    deployment
        .getStatus()
        .setConditions(
            List.of(
                new DeploymentConditionBuilder()
                    .withType("Progressing")
                    .withStatus("False")
                    .withReason("ProgressDeadlineExceeded")
                    .withMessage("too late")
                    .build()));
    assertThat(RolloutStatus.of(deployment).words())
        .endsWith(", ProgressDeadlineExceeded, too late");
  }
}
