package dev.muster.drill.kind;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.source.MinimumDuration;
import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Packets that leave the node are lost.
 *
 * @param percent of packets that are dropped at random
 */
public record NetworkLoss(double percent) implements FaultKind {
  /** In percent; with less, fewer than one of a hundred looks fails. */
  private static final double LEAST = 1;

  public static final Kind KIND =
      Kind.of(
              NetworkLoss.class,
              "packets that leave the node are lost at random",
              yaml -> new NetworkLoss(Objects.requireNonNull(yaml.percent("loss"))),
              _ -> MinimumDuration.LOOKS)
          .takes(
              Field.defined(
                      "loss",
                      "percent",
                      "share of the packets that leave the node, dropped at random")
                  .required("1%")
                  .sense(NetworkLoss::loss));

  private static void loss(FaultYaml yaml, String field) {
    Double loss = yaml.percent(field);
    if (loss == null) {
      return; // the schema has complained
    }
    if (loss == 0 || loss > 100) {
      yaml.refuse(
          field,
          loss == 0 ? "a loss of 0% is no fault" : "more than 100% of the packets can not be lost");
    } else if (loss < LEAST) {
      yaml.refuse(field, "nobody could see so little: looks hardly ever fail of it; at least 1%");
    }
  }

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.BY_AGENT, Trait.NETEM, Trait.SPARES_PODS);
  }

  @Override
  public List<String> words() {
    return List.of(
        "loss " + BigDecimal.valueOf(percent).stripTrailingZeros().toPlainString() + " %");
  }
}
