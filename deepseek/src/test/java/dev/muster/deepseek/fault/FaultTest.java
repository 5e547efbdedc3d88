package dev.muster.deepseek.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.deepseek.wire.ApiError;
import java.time.Duration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FaultTest {
  private static Fault parse(String json) {
    return Fault.parse(json.replace('\'', '"').getBytes(UTF_8));
  }

  @Test
  void whatIsNotSetIsTheUsual() {
    assertThat(parse("{'id':'r1-f0','failure':'slow-decode','ttl_ms':45000}"))
        .isEqualTo(new Fault("r1-f0", Failure.SLOW_DECODE, Duration.ofSeconds(45), 8, 5));
    assertThat(parse("{'id':'a','failure':'slow-load','ttl_ms':1}").factor()).isEqualTo(4);
    assertThat(parse("{'id':'a','failure':'slow-load','ttl_ms':1,'factor':1}").factor())
        .isEqualTo(1);
    assertThat(parse("{'id':'a','failure':'slow-decode','ttl_ms':1,'factor':1.5}").factor())
        .isEqualTo(1.5);
    assertThat(parse("{'id':'a','failure':'reset','ttl_ms':86400000,'after_tokens':0}"))
        .isEqualTo(new Fault("a", Failure.RESET, Duration.ofHours(24), 1, 0));
  }

  @ParameterizedTest
  @EnumSource
  void eachHasAWord(Failure failure) {
    assertThat(parse("{'id':'a','failure':'%s','ttl_ms':1}".formatted(failure.word())).failure())
        .isEqualTo(failure);
    assertThat(failure.word()).matches("[a-z]+(-[a-z]+)+|truncation|reset");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'failure':'reset','ttl_ms':1} | `id` is missing.",
        "{'id':7,'failure':'reset','ttl_ms':1} | `id` expected a text.",
        "{'id':'a/b','failure':'reset','ttl_ms':1} | `id` expected 1 to 128 letters",
        "{'id':'','failure':'reset','ttl_ms':1} | `id` expected 1 to 128 letters",
        "{'id':'a','ttl_ms':1} | `failure` is missing.",
        "{'id':'a','failure':'RESET','ttl_ms':1} | `failure` is one of stuck-decode, slow-decode, trunc",
        "{'id':'a','failure':'reset'} | `ttl_ms` is missing.",
        "{'id':'a','failure':'reset','ttl_ms':0} | `ttl_ms` expected a whole number from 1 to 86400000.",
        "{'id':'a','failure':'reset','ttl_ms':86400001} | `ttl_ms` expected",
        "{'id':'a','failure':'reset','ttl_ms':1.5} | `ttl_ms` expected",
        "{'id':'a','failure':'reset','ttl_ms':'1'} | `ttl_ms` expected",
        "{'id':'a','failure':'reset','ttl_ms':99999999999999999999} | `ttl_ms` expected",
        "{'id':'a','failure':'reset','ttl_ms':1,'factor':2} | `factor` has no meaning for reset.",
        "{'id':'a','failure':'slow-decode','ttl_ms':1,'factor':1} | `factor` expected a number above 1",
        "{'id':'a','failure':'slow-load','ttl_ms':1,'factor':0.9} | `factor` expected a number from 1",
        "{'id':'a','failure':'slow-load','ttl_ms':1,'factor':'2'} | `factor` expected",
        "{'id':'a','failure':'slow-load','ttl_ms':1,'factor':1001} | `factor` expected",
        "{'id':'a','failure':'reset','ttl_ms':1,'after_tokens':-1} | `after_tokens` expected",
        "{'id':'a','failure':'no-done','ttl_ms':1,'after_tokens':1} | `after_tokens` has no meaning",
        "{'id':'a','failure':'reset','ttl_ms':1,'afterTokens':1} | `afterTokens` is not known",
        "[] | The fault is no JSON object.",
        "{'id' | The fault is no JSON",
      })
  void aFieldThatIsWrongIsNamed(String json, String words) {
    assertThatThrownBy(() -> parse(json))
        .asInstanceOf(InstanceOfAssertFactories.type(ApiError.class))
        .satisfies(e -> assertThat(e.status()).isEqualTo(400))
        .satisfies(e -> assertThat(e.getMessage()).startsWith(words));
  }
}
