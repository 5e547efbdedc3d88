package dev.muster.verdict;

import dev.muster.verdict.check.alerts.AlertsCheck;
import dev.muster.verdict.check.alerts.UnexpectedAlertsCheck;
import dev.muster.verdict.check.clients.AvailabilityCheck;
import dev.muster.verdict.check.clients.BaselineCheck;
import dev.muster.verdict.check.clients.ClientsCheck;
import dev.muster.verdict.check.clients.ContentCheck;
import dev.muster.verdict.check.clients.InterruptionCheck;
import dev.muster.verdict.check.clients.LatencyCheck;
import dev.muster.verdict.check.clients.LostRequestsCheck;
import dev.muster.verdict.check.clients.RedundancyCheck;
import dev.muster.verdict.check.clients.StreamsCheck;
import dev.muster.verdict.check.data.AcknowledgedWritesCheck;
import dev.muster.verdict.check.data.CachesCheck;
import dev.muster.verdict.check.data.EtcdCheck;
import dev.muster.verdict.check.data.LogsCheck;
import dev.muster.verdict.check.data.QuorumCheck;
import dev.muster.verdict.check.data.ReconciledCheck;
import dev.muster.verdict.check.data.SqlCheck;
import dev.muster.verdict.check.fault.DetectedCheck;
import dev.muster.verdict.check.fault.FaultRevertedCheck;
import dev.muster.verdict.check.fault.FaultVerifiedCheck;
import dev.muster.verdict.check.fault.ReadinessCheck;
import dev.muster.verdict.check.fault.RecoveredCheck;
import dev.muster.verdict.check.fault.ReplacedPodsCheck;
import dev.muster.verdict.check.fault.ResidueCheck;
import dev.muster.verdict.check.record.IntegrityCheck;
import dev.muster.verdict.check.record.LedgerCheck;
import dev.muster.verdict.check.record.LoadCheck;
import dev.muster.verdict.check.record.LoadPodsCheck;
import dev.muster.verdict.check.record.OrderCheck;
import dev.muster.verdict.check.record.PreflightCheck;
import dev.muster.verdict.check.record.RunCheck;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.recovery.OutsideChangeGuard;
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
          OutsideChangeGuard.felt(new ClientsCheck()),
          new DetectedCheck(),
          OutsideChangeGuard.timed(new ReplacedPodsCheck()),
          OutsideChangeGuard.felt(new InterruptionCheck()),
          OutsideChangeGuard.timed(new RecoveredCheck()),
          OutsideChangeGuard.felt(new AvailabilityCheck()),
          OutsideChangeGuard.felt(new LostRequestsCheck()),
          OutsideChangeGuard.felt(new LatencyCheck()),
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
