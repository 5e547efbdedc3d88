package dev.muster.drill.kind;

import dev.muster.drill.field.Field;
import dev.muster.drill.field.Fields;
import dev.muster.drill.field.Selector;
import dev.muster.source.MinimumDuration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A NetworkPolicy on the selected pods.
 *
 * @param peers pods that are cut off; null and no cidrs: everybody
 */
public record NetworkPolicy(Direction direction, @Nullable Selector peers, List<String> cidrs)
    implements FaultKind {
  public static final Kind KIND =
      Kind.of(
              NetworkPolicy.class,
              "a NetworkPolicy cuts the pods off",
              yaml ->
                  new NetworkPolicy(
                      Direction.of(yaml),
                      yaml.has("peerSelector") ? yaml.selector("peerSelector") : null,
                      yaml.list("cidrs")),
              _ -> MinimumDuration.LOOKS)
          .takes(
              Field.selector(
                  "peerSelector", "pods from which the victims are cut off; everybody if left out"),
              Fields.CIDRS,
              Fields.DIRECTION)
          .rules(yaml -> yaml.exclusive("peerSelector", "cidrs"));

  @Override
  public Set<Trait> traits() {
    return EnumSet.of(Trait.OF_PODS, Trait.OWN_PODS);
  }

  @Override
  public @Nullable Selector otherPods() {
    return peers;
  }

  @Override
  public List<String> words() {
    String whom =
        peers != null ? peers.podWords() : cidrs.isEmpty() ? "everybody" : String.join(", ", cidrs);
    return List.of("from " + whom, direction.words());
  }
}
