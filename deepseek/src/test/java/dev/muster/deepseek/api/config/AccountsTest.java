package dev.muster.deepseek.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.deepseek.wire.ApiError;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountsTest {
  private final Accounts accounts = Accounts.of(List.of("sk-1", "sk-2:0", "sk-3:0.50", "a:b"));

  @Test
  void aKeyMayHaveABalance() {
    assertThat(accounts.keys()).containsExactly("sk-1", "sk-2", "sk-3", "a:b");
    assertThat(accounts.json("sk-3"))
        .contains("\"is_available\":true")
        .contains("\"total_balance\":\"0.50\"");
    assertThat(accounts.json("sk-2")).contains("\"is_available\":false");
  }

  @Test
  void whoHasNothingLeftPays402() {
    assertThatCode(() -> accounts.pay("sk-1")).doesNotThrowAnyException();
    assertThatCode(() -> accounts.pay("sk-3")).doesNotThrowAnyException();
    assertThatCode(() -> accounts.pay("")).doesNotThrowAnyException();
    var error = catchThrowableOfType(ApiError.class, () -> accounts.pay("sk-2"));
    assertThat(error.status()).isEqualTo(402);
    assertThat(error).hasMessage("Insufficient Balance");
  }
}
