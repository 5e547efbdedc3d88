package dev.muster.verdict;

import java.util.List;

/** All checks there are, in the order in which a report shows them. */
public final class Checks {
  private static final List<Check> ALL =
      List.of(
          new RunCheck(),
          new IntegrityCheck(),
          new OrderCheck(),
          new PreflightCheck(),
          new FaultVerifiedCheck(),
          new FaultRevertedCheck(),
          new LoadCheck(),
          new LedgerCheck(),
          new BaselineCheck(),
          new Outside(new ClientsCheck()),
          new DetectedCheck(),
          new ReplacedPodsCheck(),
          new Outside(new InterruptionCheck()),
          new RecoveredCheck(),
          new Outside(new AvailabilityCheck()),
          new Outside(new LostRequestsCheck()),
          new Outside(new LatencyCheck()),
          new StreamsCheck(),
          new ReadinessCheck(),
          new RedundancyCheck(),
          new AlertsCheck(),
          new UnexpectedAlertsCheck(),
          new AcknowledgedWritesCheck(),
          new EtcdCheck(),
          new QuorumCheck(),
          new CachesCheck(),
          new LogsCheck(),
          new ReconciledCheck(),
          new SqlCheck(),
          new ResidueCheck());

  private Checks() {}

  public static List<Check> all() {
    return ALL;
  }
}
