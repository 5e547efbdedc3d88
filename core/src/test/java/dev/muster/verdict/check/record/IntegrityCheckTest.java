package dev.muster.verdict.check.record;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.file.Integrity;
import dev.muster.timeline.file.Integrity.Damage;
import dev.muster.timeline.file.Integrity.Kind;
import dev.muster.verdict.Story;
import dev.muster.verdict.Verdict;
import dev.muster.verdict.finding.Finding;
import dev.muster.verdict.finding.History;
import dev.muster.verdict.finding.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntegrityCheckTest {

  @Test
  void aSealedRunThatWasLeftAlonePasses() {
    assertThat(finding(0, true).status()).isEqualTo(Status.PASS);
    assertThat(verdict(new Integrity(0, true, List.of())).status()).isEqualTo(Status.PASS);
  }

  @Test
  void aRunOfAnEarlierVersionIsJudgedAndToldNotToBeSealed() {
    assertThat(finding(90, false).status()).isEqualTo(Status.PASS);
    assertThat(finding(90, false).why()).startsWith("warning: the run is not sealed");
    assertThat(finding(9, true).why()).contains("the first 9 lines");
  }

  @Test
  void whatWasChangedIsNamedAndNothingCanPass() {
    Damage[] damage = {
      new Damage("timeline.jsonl", 12, Kind.CHANGED),
      new Damage("timeline.jsonl", 13, Kind.UNREADABLE),
      new Damage("ledger.jsonl.gz", 0, Kind.CHANGED),
      new Damage("series.json", 0, Kind.MISSING)
    };
    var finding = finding(0, true, damage);
    assertThat(finding.status()).isEqualTo(Status.INCONCLUSIVE);
    assertThat(finding.why()).contains("timeline.jsonl, ledger.jsonl.gz, series.json");
    assertThat(finding.evidence())
        .contains(
            "timeline.jsonl:13 can not be read",
            "ledger.jsonl.gz is not as it was when the run ended",
            "series.json was there when the run ended and is gone")
        .anyMatch(line -> line.startsWith("timeline.jsonl:12 does not follow"));
    assertThat(verdict(new Integrity(0, true, List.of(damage))).status())
        .isEqualTo(Status.INCONCLUSIVE);
  }

  @Test
  void aHistoryOfNoFilesIsNotAskedForThem() {
    assertThat(Story.healed().findings("integrity")).isEmpty();
  }

  private static Finding finding(int unchained, boolean sealed, Damage... damage) {
    return verdict(new Integrity(unchained, sealed, List.of(damage))).findings().stream()
        .filter(f -> f.check().equals("integrity"))
        .findFirst()
        .orElseThrow();
  }

  private static Verdict verdict(Integrity integrity) {
    var h = Story.healed().history();
    return Verdict.of(new History(h.drill(), h.timeline(), h.ledger(), h.traces(), integrity));
  }
}
