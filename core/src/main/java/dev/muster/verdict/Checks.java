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
          new LoadPodsCheck(),
          new LedgerCheck(),
          new BaselineCheck(),
          Outside.felt(new ClientsCheck()),
          new DetectedCheck(),
          Outside.timed(new ReplacedPodsCheck()),
          Outside.felt(new InterruptionCheck()),
          Outside.timed(new RecoveredCheck()),
          Outside.felt(new AvailabilityCheck()),
          Outside.felt(new LostRequestsCheck()),
          Outside.felt(new LatencyCheck()),
          new StreamsCheck(),
          new ContentCheck(),
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
