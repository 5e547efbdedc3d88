package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTimeTest {
  private static final Instant WINTER = Instant.parse("2026-01-01T22:00:00.250Z");
  private static final Instant SUMMER = Instant.parse("2026-07-01T22:00:00.250Z");

  @Test
  void aZoneIsNamedWithItsOffsetAtTheTimeOfTheRun() {
    var berlin = ZoneId.of("Europe/Berlin");
    assertThat(new PageTime(berlin, WINTER).name()).isEqualTo("Europe/Berlin (UTC+01:00)");
    assertThat(new PageTime(berlin, SUMMER).name()).isEqualTo("Europe/Berlin (UTC+02:00)");
    assertThat(new PageTime(berlin, SUMMER).localDate(SUMMER)).isEqualTo("2026-07-02 00:00:00");
    assertThat(new PageTime(berlin, SUMMER).localTime(SUMMER)).isEqualTo("00:00:00.250");
    assertThat(PageTime.date(SUMMER)).isEqualTo("2026-07-01 22:00:00 UTC");
  }

  @Test
  void anOffsetIsItsOwnName() {
    assertThat(new PageTime(ZoneOffset.ofHoursMinutes(5, 30), WINTER).name())
        .isEqualTo("UTC+05:30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC", "Z", "Etc/UTC", "Africa/Abidjan"})
  void whereLocalTimeIsUtcNothingStandsBesideIt(String zone) {
    var times = new PageTime(ZoneId.of(zone), WINTER);
    assertThat(times.hasLocal()).isFalse();
    assertThat(times.name()).isEmpty();
  }

  @Test
  void aRunThatNeverStartedHasNoOffset() {
    assertThat(new PageTime(ZoneId.of("Asia/Shanghai"), null).hasLocal()).isFalse();
  }
}
