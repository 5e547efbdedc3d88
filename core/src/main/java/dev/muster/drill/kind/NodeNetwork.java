package dev.muster.drill.kind;

import dev.muster.drill.field.FaultYaml;
import dev.muster.drill.field.Field;
import dev.muster.drill.field.Fields;
import dev.muster.source.MinimumDuration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** All packets of the node to and from the peers are dropped, established flows too. */
public record NodeNetwork(Peers peers, List<String> cidrs, Direction direction)
    implements FaultKind {
  public static final Kind KIND =
      Kind.of(
              NodeNetwork.class,
              "all packets between the node and its peers are dropped",
              NodeNetwork::read,
              yaml ->
                  yaml.has("cidrs") || yaml.text("peers", "").equals("nodes")
                      ? MinimumDuration.LOOKS
                      : MinimumDuration.LEASE)
          .takes(
              Field.word(
                  "peers",
                  "from whom the node is cut off; all if left out",
                  "all",
                  "control-plane",
                  "nodes",
                  "other-zones"),
              Fields.CIDRS,
              Fields.DIRECTION)
          .rules(yaml -> yaml.exclusive("peers", "cidrs"));

  /** From whom a node is cut off. */
  public enum Peers {
    ALL,
    CONTROL_PLANE,
    NODES,
    /** The nodes of all other zones and the control plane; those of its own zone it still sees. */
    OTHER_ZONES,
    CIDRS
  }

  private static NodeNetwork read(FaultYaml yaml) {
    String peers = yaml.has("cidrs") ? "cidrs" : yaml.text("peers", "all");
    return new NodeNetwork(
        Peers.valueOf(peers.toUpperCase(Locale.ROOT).replace('-', '_')),
        yaml.list("cidrs"),
        Direction.of(yaml));
  }

  /**
   * A node that is cut off from some others only goes on telling the API server that it is well;
   * one that is hidden from the control plane only goes on talking to the others.
   */
  @Override
  public Set<Trait> traits() {
    Set<Trait> traits = EnumSet.of(Trait.BY_AGENT, Trait.TAKES_NODE, Trait.REPLACES_PODS);
    if (peers == Peers.ALL || peers == Peers.CONTROL_PLANE || peers == Peers.OTHER_ZONES) {
      traits.add(Trait.SILENCES_NODE);
    }
    if (peers == Peers.CONTROL_PLANE) {
      traits.add(Trait.SPARES_PEERS);
    }
    if (peers == Peers.OTHER_ZONES) {
      traits.add(Trait.SPARES_ZONE);
    }
    return traits;
  }

  @Override
  public List<String> words() {
    String whom =
        switch (peers) {
          case ALL -> "all";
          case CONTROL_PLANE -> "the control plane";
          case NODES -> "the other nodes";
          case OTHER_ZONES -> "the other zones and the control plane";
          case CIDRS -> String.join(", ", cidrs);
        };
    return List.of("from " + whom, direction.words());
  }
}
