package dev.muster.e2e;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever interferes with a run makes no pass and leaves nothing. In no pass until it was seen to
 * pass: {@code mvn verify -pl e2e -am -Dexcluded.groups= -Dgroups=interference
 * -Dtest=InterferenceTest -Dsurefire.failIfNoSpecifiedTests=false}.
 */
@Tag("interference")
@Isolated
class InterferenceTest {
  @TempDir static Path home;
  private static KillingLab lab;

  @BeforeAll
  static void up() {
    lab = new KillingLab(home, "interference");
    lab.up();
  }

  @AfterAll
  static void down() {
    lab.close();
  }

  @ParameterizedTest
  @EnumSource
  void itIsJudgedRightAndCleanedUp(Interference.What what) throws Exception {
    new Interference(lab).judgedRightAndCleanedUp(what);
  }
}
