package dev.muster.deepseek.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.deepseek.wire.ApiError;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static int refusal(Admission admission, String key) {
    return catchThrowableOfType(ApiError.class, () -> admission.enter(key, 1)).status();
  }

  @Test
  void boundsAllRequestsAndGivesPlacesBack() {
    var admission = new Admission(List.of(), 0, 1, 100);
    try (var _ = admission.enter("", 1)) {
      assertThat(refusal(admission, "")).isEqualTo(503);
      assertThat(admission.running()).isEqualTo(1);
    }
    admission.enter("", 1).close();
    admission.close();
    assertThat(refusal(admission, "")).isEqualTo(503);
    assertThat(admission.running()).isZero();
  }

  /** Of these two, another gateway may take only what this one refuses because it shuts down. */
  @Test
  void fullIsOverloadAndClosedIsNot() {
    var admission = new Admission(List.of(), 0, 1, 100);
    try (var _ = admission.enter("", 1)) {
      var full = catchThrowableOfType(ApiError.class, () -> admission.enter("", 1));
      assertThat(full.overload()).isTrue();
      admission.close();
    }
    var closed = catchThrowableOfType(ApiError.class, () -> admission.enter("", 1));
    assertThat(closed.overload()).isFalse();
    assertThat(closed.status()).isEqualTo(503);
  }

  @Test
  void boundsEachKeyForItself() {
    var admission = new Admission(List.of("one", "two"), 1, 9, 100);
    try (var _ = admission.enter("one", 1)) {
      assertThat(refusal(admission, "one")).isEqualTo(429);
      admission.enter("two", 1).close();
    }
    admission.enter("one", 1).close();
    assertThat(refusal(admission, "sk-secret")).isEqualTo(401);
    var error = catchThrowableOfType(ApiError.class, () -> admission.enter("sk-secret", 1));
    assertThat(error).hasMessage("Authentication Fails, Your api key: ****cret is invalid");
  }

  @Test
  void boundsTheBytesOfAllBodies() {
    var admission = new Admission(List.of(), 0, 9, 100);
    try (var _ = admission.enter("", 60)) {
      assertThat(catchThrowableOfType(ApiError.class, () -> admission.enter("", 41)).status())
          .isEqualTo(503);
      assertThat(admission.running()).isEqualTo(1);
      admission.enter("", 40).close();
    }
    admission.enter("", 100).close();
  }
}
