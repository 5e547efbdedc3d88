package dev.muster.cli.load;

import dev.muster.drill.field.DurationText;
import dev.muster.drill.field.NumberText;
import dev.muster.load.LoadTotals;
import dev.muster.load.LoadTotals.Quantity;
import dev.muster.verdict.finding.Status;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What a load may not be like: {@code errors>1%}, {@code ttft.p99>500ms}, {@code tokens<100/s}.
 *
 * @param text as written, without spaces
 * @param what errors, lost, tokens, or a quantity in lower case
 * @param share of the requests that a percentile is of; 0 where it is none
 * @param above whether more than the bound fails, or less
 * @param bound in percent, tokens a second or milliseconds
 */
public record FailOn(
    String text, String what, double share, boolean above, boolean orEqual, double bound) {
  private static final String FORMS =
      "such as 'errors>1%', 'lost>0%', 'ttft.p99>500ms', 'total.max>30s', 'gap.p999>2s',"
          + " 'tokens<100/s'";

  private static final Pattern FORM =
      Pattern.compile(
          "(errors|lost|tokens|(ttft|total|gap)\\.(p50|p90|p95|p99|p999|max))(>=|<=|>|<)(.+)");

  /** Shares of all and of none have no such number; decision 17. */
  private static final int ENOUGH = 100;

  /** A bound, what there was, and whether that is known to be good or bad. */
  public record Judged(String bound, Status status, String measured) {
    String line() {
      return bound + ": " + measured;
    }
  }

  public static final class Reader implements ITypeConverter<FailOn> {
    @Override
    public FailOn convert(String text) {
      return of(text);
    }
  }

  static FailOn of(String written) {
    var text = written.replaceAll("\\s+", "");
    var form = FORM.matcher(text);
    var bound = form.matches() ? bound(form) : null;
    if (bound == null) {
      throw new TypeConversionException(FORMS + "; not " + written);
    }
    var percentile = form.group(3);
    return new FailOn(
        text,
        percentile == null ? form.group(1) : form.group(2),
        percentile == null ? 0 : share(percentile),
        form.group(4).startsWith(">"),
        form.group(4).endsWith("="),
        bound);
  }

  private static double share(String percentile) {
    return percentile.equals("max") ? 1 : Double.parseDouble("0." + percentile.substring(1));
  }

  private static @Nullable Double bound(Matcher form) {
    var text = form.group(5);
    return switch (form.group(1)) {
      case "errors", "lost" -> {
        var percent = NumberText.percent(text);
        yield percent == null || percent > 100 ? null : percent;
      }
      case "tokens" -> NumberText.rate(text);
      default -> DurationText.parse(text).map(time -> time.toNanos() / 1e6).orElse(null);
    };
  }

  public Judged judge(LoadTotals account) {
    var told = account.told();
    return switch (what) {
      case "errors" -> share(told.errorRatio(), told.judged());
      case "lost" ->
          share(told.judged() == 0 ? null : (double) told.lost() / told.judged(), told.judged());
      case "tokens" ->
          told.seconds() == 0
              ? unknown("no request has ended")
              : judged(told.tokens() / told.seconds(), "%.1f/s", 1, 1);
      default -> {
        var quantity = Quantity.valueOf(what.toUpperCase(Locale.ROOT));
        double millis = account.millis(quantity, share);
        yield Double.isNaN(millis)
            ? unknown("no request tells of it")
            : judged(
                millis,
                Double.isInfinite(millis) ? "not so many were answered" : "%.1f ms",
                account.of(quantity),
                needed(1 - share));
      }
    };
  }

  private Judged share(@Nullable Double measured, long of) {
    return measured == null
        ? unknown("no request tells of it")
        : judged(100 * measured, "%.2f %%", of, needed(above ? bound / 100 : 1 - bound / 100));
  }

  /** Of fewer, not a single one may be otherwise. */
  private static long needed(double rest) {
    return rest <= 0 || rest >= 1 ? ENOUGH : (long) Math.ceil(1 / rest - 1e-9);
  }

  @SuppressWarnings("AnnotateFormatMethod") // a dependency for one annotation is too much
  private Judged judged(double measured, String format, long of, long needed) {
    boolean broken =
        (orEqual && measured == bound) || (above ? measured > bound : measured < bound);
    var words = String.format(Locale.ROOT, format, measured);
    if (!broken && of < needed) {
      return unknown(words + ", of " + of + " requests; it takes " + needed + " to tell");
    }
    return new Judged(text, broken ? Status.FAIL : Status.PASS, words);
  }

  private Judged unknown(String why) {
    return new Judged(text, Status.INCONCLUSIVE, why);
  }
}
