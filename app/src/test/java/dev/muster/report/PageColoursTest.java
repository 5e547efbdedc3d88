package dev.muster.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's own colours against WCAG 2's bounds, also as a deuteranope sees them. */
class PageColoursTest {
  private static final double TEXT = 4.5;
  private static final double GRAPHICS = 3;
  private static final Pattern THEME = Pattern.compile(":root \\{([^}]*)}");
  private static final Pattern VARIABLE = Pattern.compile("--(\\w+):(#[0-9a-f]{6});");
  private static final Pattern SERIES = Pattern.compile("\\.(c\\d) \\{ color:(#[0-9a-f]{6});");

  private final String style = style();

  @Test
  void contrastIsTheOneOfWcag() {
    assertThat(Colour.of("#000000").contrast(Colour.of("#ffffff"))).isCloseTo(21, within(0.01));
    assertThat(Colour.of("#767676").contrast(Colour.of("#ffffff"))).isCloseTo(4.54, within(0.01));
    assertThat(Colour.of("#58a55c").deuteranope().contrast(Colour.of("#d64545").deuteranope()))
        .as("a red and a green that a deuteranope can not tell apart")
        .isLessThan(1.3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void textIsReadable(int theme) {
    var colours = theme(theme);
    for (String text : List.of("fg", "dim", "pass", "fail", "inconclusive")) {
      contrast(colours, text, "bg", TEXT);
    }
    contrast(colours, "fg", "card", TEXT);
    contrast(colours, "dim", "card", TEXT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void everyMarkOfAChartIsSeen(int theme) {
    var colours = theme(theme);
    for (String mark : List.of("ok", "bad", "p50", "p99", "streams", "mark")) {
      contrast(colours, mark, "bg", GRAPHICS);
    }
    var series = colours(SERIES, style);
    assertThat(series).hasSize(PhaseBar.COLOURS);
    var ground = Objects.requireNonNull(colours.get("bg"));
    series.forEach((name, colour) ->
        assertThat(colour.contrast(ground)).as(name).isGreaterThanOrEqualTo(GRAPHICS));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatFailedDiffersInLightnessAlsoForADeuteranope(int theme) {
    contrast(theme(theme), "ok", "bad", GRAPHICS);
  }

  private static void contrast(Map<String, Colour> colours, String one, String two, double bound) {
    for (UnaryOperator<Colour> eye :
        List.<UnaryOperator<Colour>>of(UnaryOperator.identity(), Colour::deuteranope)) {
      var first = eye.apply(Objects.requireNonNull(colours.get(one), one));
      var second = eye.apply(Objects.requireNonNull(colours.get(two), two));
      assertThat(first.contrast(second)).as("%s on %s", one, two).isGreaterThanOrEqualTo(bound);
    }
  }

  /**
   * @param number 0 is the light one, 1 the dark one
   */
  private Map<String, Colour> theme(int number) {
    var found = THEME.matcher(style).results().map(m -> m.group(1)).toList();
    assertThat(found).hasSize(2);
    return colours(VARIABLE, found.get(number));
  }

  private static Map<String, Colour> colours(Pattern pattern, String css) {
    Map<String, Colour> colours = new TreeMap<>();
    pattern.matcher(css).results().forEach(m -> colours.put(m.group(1), Colour.of(m.group(2))));
    return colours;
  }

  private static String style() {
    try (InputStream in =
        Objects.requireNonNull(ReportPage.class.getResourceAsStream("report.css"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
