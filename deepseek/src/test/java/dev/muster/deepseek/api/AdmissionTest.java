package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.deepseek.wire.ApiError;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static int refusal(Admission admission, String key) {
    return catchThrowableOfType(ApiError.class, () -> admission.enter(key)).status();
  }

  @Test
  void boundsAllRequestsAndGivesPlacesBack() {
    var admission = new Admission(List.of(), 0, 1);
    try (var _ = admission.enter("")) {
      assertThat(refusal(admission, "")).isEqualTo(503);
      assertThat(admission.running()).isEqualTo(1);
    }
    admission.enter("").close();
    admission.close();
    assertThat(refusal(admission, "")).isEqualTo(503);
    assertThat(admission.running()).isZero();
  }

  @Test
  void boundsEachKeyForItself() {
    var admission = new Admission(List.of("one", "two"), 1, 9);
    try (var _ = admission.enter("one")) {
      assertThat(refusal(admission, "one")).isEqualTo(429);
      admission.enter("two").close();
    }
    admission.enter("one").close();
    assertThat(refusal(admission, "sk-secret")).isEqualTo(401);
    var error = catchThrowableOfType(ApiError.class, () -> admission.enter("sk-secret"));
    assertThat(error).hasMessage("Authentication Fails, Your api key: ****cret is invalid");
  }
}
