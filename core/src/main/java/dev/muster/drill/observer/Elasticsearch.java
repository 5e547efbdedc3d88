package dev.muster.drill.observer;

/** The log store. */
public record Elasticsearch(Place place) implements Watcher {
  public static final Room ROOM =
      new Room(
          Place.field("elasticsearch", "where Elasticsearch is reached"),
          observe ->
              Place.of(observe, "elasticsearch", "opensearch", 9200).map(Elasticsearch::new));
}
