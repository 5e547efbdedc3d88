package dev.muster.drill.kind;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.source.MinimumDuration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The node loses its power.
 *
 * @param reboot power comes back at once instead of after the fault's duration
 */
public record NodeShutdown(boolean reboot) implements FaultKind {
  public static final Kind KIND =
      Kind.of(
              NodeShutdown.class,
              "the node loses its power, or is started again",
              yaml -> new NodeShutdown(reboots(yaml)),
              // a power cycle is seen by the boot that follows, however short it is
              yaml -> reboots(yaml) ? MinimumDuration.NONE : MinimumDuration.LEASE)
          .takes(
              Field.word(
                  "action",
                  "off: power is cut and restored at the end; reboot: it comes back at once; off if left out",
                  "off",
                  "reboot"));

  private static boolean reboots(FaultYaml yaml) {
    return yaml.text("action", "off").equals("reboot");
  }

  @Override
  public Set<Trait> traits() {
    Set<Trait> traits =
        EnumSet.of(Trait.CUTS_POWER, Trait.TAKES_NODE, Trait.SILENCES_NODE, Trait.REPLACES_PODS);
    if (reboot) {
      traits.add(Trait.ENDS_ITSELF);
    }
    return traits;
  }

  @Override
  public List<String> words() {
    return List.of(reboot ? "reboot: power comes back at once" : "power off");
  }
}
