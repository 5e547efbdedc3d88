package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.report.ReportModel.Part;
import dev.muster.verdict.finding.Sentence;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PhaseBarTest {
  private static final Messages ENGLISH = Messages.in("en");

  @Test
  void phasesShareTheWidthAndAreNumberedAsInTheTable() {
    assertThat(PhaseBar.svg(List.of(part("detection", 30.0), part("start", 10.0)), ENGLISH))
        .contains(
            "class=\"block c0\" x=\"0.0\" width=\"810.0\" height=\"22\"><title>1 Detection, 30.0"
                + " s<",
            "class=\"block c1\" x=\"810.0\" width=\"270.0\" height=\"22\"><title>2 Container start,"
                + " 10.0 s<",
            "text-anchor=\"middle\">1<",
            "text-anchor=\"middle\">2<");
  }

  @Test
  void aPhaseWithoutLengthIsNotDrawnAndNumbersDoNotOverlap() {
    var svg =
        PhaseBar.svg(
            List.of(
                part("detection", 30.0),
                part("taint", 0.0),
                part("toleration", 0.1),
                part("eviction", 0.1),
                part("start", null)),
            ENGLISH);
    assertThat(svg.split("<rect", -1)).hasSize(1 + 3);
    assertThat(svg).contains("\">1<", "\">3<").doesNotContain("\">2<", "\">4<", "\">5<");
  }

  @Test
  void phasesThatTookNoTimeMakeAnEmptyBar() {
    assertThat(PhaseBar.svg(List.of(part("detection", 0.0)), ENGLISH))
        .doesNotContain("<rect", "NaN");
  }

  private static Part part(String name, @Nullable Double seconds) {
    return new Part(name, seconds, Sentence.quote("nobody"), null, 0);
  }
}
