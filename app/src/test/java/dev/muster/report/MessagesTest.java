package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.timeline.Milestone;
import dev.muster.timeline.Outcome;
import dev.muster.verdict.Checks;
import dev.muster.verdict.finding.Check;
import dev.muster.verdict.finding.Status;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTest {

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void everyNameOfTheDataHasAWord(String language) {
    Messages messages = Messages.in(language);
    Stream<String> names =
        Stream.of(
                Arrays.stream(Milestone.values()).map(m -> "milestone." + m),
                Arrays.stream(Outcome.values()).map(o -> "outcome." + o),
                Arrays.stream(Status.values())
                    .map(s -> "status." + s.name().toLowerCase(Locale.ROOT)))
            .flatMap(s -> s);
    assertThat(names).allMatch(messages::has);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void everyCheckHasAWord(String language) {
    Messages messages = Messages.in(language);
    assertThat(Checks.all())
        .extracting(Check::name)
        .hasSizeGreaterThan(30)
        .allMatch(name -> messages.has("check." + name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void languagesHaveTheSameWords(String language) {
    assertThat(Messages.in(language).keys()).isEqualTo(Messages.in("en").keys());
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void whatHasNoWordIsShownAsItIs(String language) {
    assertThat(Messages.in(language).of("milestone", "OF_A_LATER_VERSION"))
        .isEqualTo("OF_A_LATER_VERSION");
  }
}
